import { HeddleError, type PartSpec, parseConfig, RandomStream, type Registry } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import type { RunStore, TrainerEvents, TrainingResult } from '@heddle/trainer'
import type { Exhibit } from '../exhibits/exhibit.ts'
import { encoderOf } from '../task/encoder-head.ts'
import type { AnyPipeline } from '../task/pipeline.ts'
import { isObject, mergeSettings, type Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { budgetSteps } from './budget.ts'
import { type Dataset, heldOut } from './dataset.ts'
import { writeJson } from './json-file.ts'
import { restoreTask } from './open-run.ts'
import { presetSettings } from './preset.ts'
import { type BaselineContext, type DataConfig, type Recipe, recipePoint } from './recipe.ts'
import { type Provenance, type RunConfig, readRunConfig } from './run-config.ts'
import type { HandedOver, StartingPoint } from './starting-point.ts'
import { suitedToModel } from './suited-settings.ts'

/** State of a run before the first step. */
export interface PreparedRun {
  readonly recipe: Recipe
  readonly task: Task
  readonly seed: number
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
  readonly provenance: Provenance
}

export interface RunEvents extends TrainerEvents {
  onPrepared?(prepared: PreparedRun): void
  onEvaluate?(done: number, total: number): void
}

export interface TrainRunOptions {
  readonly registry: Registry
  readonly store: RunStore
  /** Name for messages, such as the run's folder. */
  readonly name?: string
  /**
   * The recipe and its settings: { type: 'translate', training: { steps: 500 } }, with the name of a `preset` if the settings of
   * one go below them. A resumed run has its own.
   */
  readonly recipe?: PartSpec
  /** Default 1. A resumed run has its own. */
  readonly seed?: number
  /** Milliseconds for all steps of a new run, in place of `training.steps`: the first steps are timed once. */
  readonly budget?: number | undefined
  readonly source?: DataSource | undefined
  /** The given files and folders, kept so that the run can be resumed without naming them again. */
  readonly paths?: readonly string[]
  /** A trained model to start from, see {@link openStartingPoint}; a resumed run needs it only before its first checkpoint. */
  readonly from?: StartingPoint | undefined
  /** Continues the run in the store. */
  readonly resume?: boolean
  /** Stops after the current step, with a checkpoint. */
  readonly signal?: AbortSignal
  readonly events?: RunEvents
}

/** Content of `metrics.json`. */
export interface Evaluation {
  /** The part of the data that the metrics are of. */
  readonly part: 'test' | 'validation'
  readonly metrics: Readonly<Record<string, number>>
  /** Numbers of a much simpler method. */
  readonly baseline?: Readonly<Record<string, number>>
}

export interface TrainedRun extends PreparedRun {
  readonly result: TrainingResult
  /** Undefined when training was stopped by the signal. */
  readonly evaluation?: Evaluation
  readonly exhibits: readonly Exhibit[]
}

/**
 * Trains a recipe and keeps it in `store`: settings and assets first, then the trainer's files, and `metrics.json` at the end.
 * Afterwards {@link openTask} reads it.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainedRun> {
  const { store, resume = false, signal, events = {} } = options
  const prepared = resume ? await prepareResumed(options) : await prepareNew(options)
  const { task, dataset, recipe, provenance } = prepared
  try {
    const { onPrepared, ...trainerEvents } = events
    const result = await task.fit(dataset.train, {
      validation: dataset.validation,
      store,
      resume,
      provenance,
      ...(signal && { signal }),
      events: { ...trainerEvents, onPrepared: () => onPrepared?.(prepared) },
    })
    if (result.reason === 'aborted') return { ...prepared, result, exhibits: [] }
    const { part, examples } = heldOut(dataset)
    const metrics = await task.evaluate(examples, {
      onProgress: (done, total) => events.onEvaluate?.(done, total),
      signal,
    })
    const context = { ...dataset, heldOut: examples, pipeline: task.pipeline }
    const baseline = await recipe.baseline?.(context)
    const exhibits = [...(await task.demonstrate(examples)), ...(await ownExhibits(prepared, context))]
    const evaluation = { part, metrics, ...(baseline && { baseline }) }
    await writeJson(store, 'metrics.json', evaluation)
    return { ...prepared, result, evaluation, exhibits }
  } catch (error) {
    task.dispose()
    throw error
  }
}

async function ownExhibits(
  { recipe, provenance, seed }: PreparedRun,
  context: BaselineContext<unknown, AnyPipeline>,
): Promise<readonly Exhibit[]> {
  if (recipe.exhibits === undefined) return []
  const data = parseConfig(`recipe '${recipe.name}': data`, recipe.data.config, provenance.recipe?.data)
  // Split off, as the built-in examples themselves come from the seed's stream.
  const rng = new RandomStream(seed).split()
  return recipe.exhibits({ ...context, data, rng, isBuiltIn: provenance.data === null })
}

async function prepareNew({
  registry,
  recipe: spec,
  seed = 1,
  budget,
  source,
  paths,
  from,
}: TrainRunOptions): Promise<PreparedRun> {
  if (spec === undefined) {
    throw new HeddleError('usage', 'trainRun: expected a recipe { type, … }, got none. Name one, or set resume.')
  }
  const { type, preset, ...own } = spec
  const recipe = registry.create(recipePoint, { type }, undefined)
  const where = `recipe '${type}'`
  const ofPreset = presetSettings(recipe, preset)
  const { data: given = {}, ...rest } = mergeSettings(ofPreset, own)
  // A run starts with the settings of the model that it starts from.
  const ofOrigin =
    own['model'] === undefined && (from?.task ?? recipe.task.name) === recipe.task.name ? from?.spec : undefined
  const ofTask: Settings = ofOrigin === undefined ? rest : { ...rest, model: ofOrigin }
  const defaults = ofOrigin === undefined ? recipe.defaults : { ...recipe.defaults, model: ofOrigin }
  const data = parseConfig(`${where}: data`, recipe.data.config, given)
  const ofModel = suitedToModel(registry, recipe, ofTask['model'])
  const create = (suited: Settings, measured: Settings = {}) => {
    const given = mergeSettings(ofTask, measured)
    const config = withEncoder(from, mergeSettings(mergeSettings(defaults, suited), given), own['model'])
    return recipe.task.create(config, { registry, rng: new RandomStream(seed), where })
  }
  // Created before the data are read, so that a mistake in the settings shows at once.
  const standard = create(ofModel?.settings ?? {})
  const { dataset, notes } = await loadDataset(recipe, standard, source, data, seed)
  const ofData =
    source === undefined ? {} : (recipe.forData?.({ numTraining: dataset.train.length, settings: ofTask }) ?? {})
  const isUsual = Object.keys(ofData).length === 0
  // Settings of the recipe's own model do not suit another one.
  const suited = ofModel === undefined ? ofData : mergeSettings({ ...ofData, model: undefined }, ofModel.settings)
  let steps: number | undefined
  if (budget !== undefined) {
    const trial = create(suited)
    // The weights of a starting point serve once; what is timed does not depend on them.
    await trial.prepare(dataset.train, from && { ...from, handOver: async () => ({ drawn: [], unused: [] }) })
    steps = await budgetSteps(budget, own, trial, dataset)
  }
  // Above the steps of a preset, which is for another time.
  const task =
    isUsual && steps === undefined ? standard : create(suited, steps === undefined ? {} : { training: { steps } })
  await task.prepare(dataset.train, from)
  const ofSource = source && { name: source.name, sha256: await fingerprint(source), ...(paths && { paths }) }
  return {
    recipe,
    task,
    seed,
    dataset,
    notes: [
      ...notes,
      ...noteOf([`preset ${preset}`], ofPreset),
      ...noteOf([...(isUsual ? [] : [task.count(dataset.train)]), ...(ofModel ? [ofModel.type] : [])], suited),
      ...(steps === undefined
        ? []
        : [`${steps.toLocaleString('en')} steps fit into ${Math.round(budget! / 1000)} s here`]),
      ...noteOfWeights(task.handedOver),
    ],
    provenance: {
      recipe: { name: type, ...(preset !== undefined && { preset: `${preset}` }), data: data as unknown as Settings },
      seed,
      data: ofSource ?? null,
      ...(from && { from: originOf(from, task.handedOver) }),
    },
  }
}

const originOf = ({ name }: StartingPoint, { weights }: Partial<HandedOver> = {}) => ({
  name,
  ...(weights && { weights }),
})

/** The settings of a task whose model is a head on the encoder of a starting point. */
function withEncoder(from: StartingPoint | undefined, config: Settings, given: unknown): Settings {
  const model = config['model']
  const encoder = from && encoderOf(from.spec)
  if (encoder === undefined || !isObject(model) || encoderOf(model as unknown as PartSpec) === undefined) return config
  const { spec, hasNewHead = false } = from!
  const isSame = spec.type === model['type']
  if (isSame && !hasNewHead) return config
  // The sizes are those of the data.
  const { input: _, numLabels: __, ...ofHead }: Settings = isSame ? spec : { ...model, encoder }
  return { ...config, model: isObject(given) ? mergeSettings(ofHead, given) : ofHead }
}

/** Names the weights that start at random, and those that have no place in the new model. */
function noteOfWeights({ drawn, unused }: Partial<HandedOver> = {}): string[] {
  return [
    ...(drawn?.length ? [`weights that start at random: ${drawn.join(', ')}`] : []),
    ...(unused?.length ? [`weights that are not used: ${unused.join(', ')}`] : []),
  ]
}

/** @param reasons the data or the model that the settings are for */
function noteOf(reasons: readonly string[], settings: Settings): string[] {
  const lines = (values: Settings, path: string): string[] =>
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined
        ? []
        : typeof value === 'object' && value !== null && !Array.isArray(value)
          ? lines(value as Settings, `${path}${key}.`)
          : [`${path}${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`],
    )
  const changed = lines(settings, '')
  return changed.length === 0
    ? []
    : [`settings for ${reasons.join(' and ')}: ${changed.join(', ')}; --set changes them`]
}

async function prepareResumed({ registry, store, name = 'run', source, from }: TrainRunOptions): Promise<PreparedRun> {
  const config = await readRunConfig(store, registry, name)
  if (config.recipe === null || config.seed === null) {
    throw new HeddleError(
      'usage',
      `${name}: expected a run of a recipe, got a task that was trained from code. Continue it with its fit method.`,
    )
  }
  await checkSameData(config, source, name)
  const recipe = registry.create(recipePoint, { type: config.recipe.name }, undefined)
  const data = parseConfig(`${name}/config.json: recipe.data`, recipe.data.config, config.recipe.data)
  const task = await restoreTask({ store, registry, name }, config)
  try {
    if (await startsAfresh(store, config)) {
      if (from === undefined) {
        throw new HeddleError(
          'usage',
          `${name}: expected the model that the run started from (${config.from?.name}), as it has no checkpoint yet, got none. Open it and pass it as from.`,
        )
      }
      await from.handOver(task.model)
    }
    const { dataset, notes } = await loadDataset(recipe, task, source, data, config.seed)
    return { recipe, task, seed: config.seed, dataset, notes, provenance: config }
  } catch (error) {
    task.dispose()
    throw error
  }
}

/** Whether a run takes its first weights from another model when it is resumed: it was stopped before its first checkpoint. */
export const startsAfresh = async (store: RunStore, { from }: Pick<RunConfig, 'from'>): Promise<boolean> =>
  from !== undefined && (await store.read('trainer/state.json')) === undefined

/** The examples of a source, or the recipe's built-in ones, in three parts. */
export async function loadDataset(
  recipe: Recipe,
  task: Task,
  source: DataSource | undefined,
  config: DataConfig,
  seed: number,
): Promise<Pick<PreparedRun, 'dataset' | 'notes'>> {
  const { examples, notes = [] } =
    source === undefined
      ? { examples: recipe.data.builtIn(config, new RandomStream(seed)) }
      : await recipe.data.read(source, config)
  const dataset = recipe.data.split(task, examples, config, seed)
  if (heldOut(dataset).examples.length === 0) {
    throw new HeddleError(
      'data',
      `recipe '${recipe.name}': expected held-out examples to judge the run by, got none. Set data.validation or data.test above 0.`,
    )
  }
  return { dataset, notes }
}

/** @throws HeddleError `data` unless the source is the one that the run was started with */
async function checkSameData({ data }: RunConfig, source: DataSource | undefined, where: string): Promise<void> {
  if ((data === null) !== (source === undefined)) {
    const expected = data === null ? 'no data, as the run uses built-in ones' : `the run's data (${data.name})`
    throw new HeddleError(
      'data',
      `${where}: expected ${expected}, got ${source?.name ?? 'none'}. ${data === null ? 'Leave --data out' : 'Pass the file with --data'}.`,
    )
  }
  if (source !== undefined && data?.sha256 !== (await fingerprint(source))) {
    throw new HeddleError(
      'data',
      `${where}: expected the data that the run was started with (${data?.name}), got other content in ${source.name}. Pass the same file, or start a new run.`,
    )
  }
}
