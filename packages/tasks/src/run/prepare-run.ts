import { HeddleError, openFile, type PartSpec, parseConfig, RandomStream } from '@heddle/core'
import { abortableSource, type DataSource } from '@heddle/data'
import type { RunStore } from '@heddle/trainer'
import { onEncoder } from '../task/encoder-head.ts'
import { isObject, mergeSettings, type Settings } from '../task/settings.ts'
import type { Task } from '../task/task.ts'
import { budgetSteps } from './budget.ts'
import type { Dataset } from './dataset.ts'
import { checkSameData, type GivenData, loadDataset, originOf } from './given-data.ts'
import { restoreTask } from './open-run.ts'
import { presetSettings } from './preset.ts'
import { type Recipe, recipePoint } from './recipe.ts'
import { type Provenance, type RunConfig, readRunConfig } from './run-config.ts'
import { shellWord } from './shell-word.ts'
import type { HandedOver, StartingPoint } from './starting-point.ts'
import { suitedToModel } from './suited-settings.ts'
import type { TrainRunOptions } from './train-run.ts'
import { takeWordVectors } from './word-vectors.ts'

/** State of a run before the first step. */
export interface PreparedRun {
  readonly recipe: Recipe
  readonly task: Task
  readonly seed: number
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
  /** Those of the reader and of the parts, which a resumed run has as well. */
  readonly dataNotes: readonly string[]
  /** Number of rows of the data that were left out as malformed or empty. */
  readonly left: number
  readonly provenance: Provenance
}

/** A run that is not there yet. */
export type PrepareOptions = GivenData &
  Pick<
    TrainRunOptions,
    'registry' | 'recipe' | 'seed' | 'budget' | 'from' | 'vectors' | 'targetVectors' | 'againstScratch' | 'signal'
  >

/** Creates the task of a recipe, reads its data and builds the model. */
export function prepareNew(options: PrepareOptions): Promise<PreparedRun> {
  return readingUnder(options, newRun)
}

async function newRun({
  registry,
  recipe: spec,
  seed = 1,
  budget,
  from,
  vectors,
  targetVectors,
  againstScratch,
  signal,
  ...given
}: PrepareOptions): Promise<PreparedRun> {
  if (spec === undefined) {
    throw new HeddleError('usage', 'trainRun: expected a recipe { type, … }, got none. Name one, or set resume.')
  }
  const { type, preset, ...own } = spec
  const recipe = registry.create(recipePoint, { type }, undefined)
  const where = `recipe '${type}'`
  const ofPreset = presetSettings(recipe, preset)
  const { data: ofExamples = {}, ...rest } = mergeSettings(ofPreset, own)
  // A run starts with the settings of the model that it starts from.
  const ofOrigin =
    own['model'] === undefined && (from?.task ?? recipe.task.name) === recipe.task.name ? from?.spec : undefined
  const ofTask = withAdapters(from, ofOrigin === undefined ? rest : { ...rest, model: ofOrigin })
  const defaults = ofOrigin === undefined ? recipe.defaults : { ...recipe.defaults, model: ofOrigin }
  const data = parseConfig(`${where}: data`, recipe.data.config, ofExamples)
  const ofModel = suitedToModel(registry, recipe, ofTask['model'])
  const create = (suited: Settings, measured: Settings = {}) => {
    const above = mergeSettings(ofTask, measured)
    const config = withEncoder(from, mergeSettings(mergeSettings(defaults, suited), above), own['model'], recipe)
    return recipe.task.create(config, { registry, rng: new RandomStream(seed), where })
  }
  // Created before the data are read, so that a mistake in the settings shows at once.
  const standard = create(ofModel?.settings ?? {})
  const { dataset, notes, left, found } = await loadDataset(recipe, standard, given, data, seed)
  const ofData =
    given.source === undefined
      ? {}
      : (recipe.forData?.({ train: dataset.train, numTraining: dataset.train.length, settings: ofTask }) ?? {})
  const isUsual = Object.keys(ofData).length === 0
  // Settings of the recipe's own model do not suit another one; a model and a tokenizer that are there already stay as they are.
  const isOwnModel = ofModel === undefined && ofOrigin === undefined && from?.encoder === undefined
  const fitting = {
    ...ofData,
    ...(!isOwnModel && { model: undefined }),
    ...(from !== undefined && { tokenizer: undefined }),
  }
  const suited = mergeSettings(fitting, ofModel?.settings ?? {})
  let steps: number | undefined
  if (budget !== undefined) {
    const trial = create(suited)
    // The weights of a starting point serve once; what is timed does not depend on them.
    const start = from && { ...from, handOver: async () => ({ drawn: [], unused: [] }), handOverAdapters: () => {} }
    await trial.prepare(dataset.train, start, { signal })
    steps = await budgetSteps(budget, own, trial, dataset, { signal })
  }
  // Above the steps of a preset, which is for another time.
  const task =
    isUsual && steps === undefined ? standard : create(suited, steps === undefined ? {} : { training: { steps } })
  await task.prepare(dataset.train, from, { signal })
  const covered = await takeWordVectors(task, { vectors, targetVectors }).catch((error: unknown) => {
    task.dispose()
    throw error
  })
  return {
    recipe,
    task,
    seed,
    dataset,
    left,
    dataNotes: notes,
    notes: [
      ...notes,
      ...noteOf([`preset ${preset}`], ofPreset),
      ...noteOf([...(isUsual ? [] : [task.count(dataset.train)]), ...(ofModel ? [ofModel.type] : [])], suited),
      ...(steps === undefined
        ? []
        : [`${steps.toLocaleString('en')} steps fit into ${Math.round(budget! / 1000)} s here`]),
      ...covered.map(
        ({ file, found, of }) => `word vectors of ${file} for ${found} of ${of} words; the others start at random`,
      ),
      ...noteOfWeights(task.handedOver),
      ...notUsed(task, dataset.train),
    ],
    provenance: {
      recipe: {
        name: type,
        ...(preset !== undefined && { preset: `${preset}` }),
        data: { ...data, ...found } as Settings,
      },
      seed,
      data: await originOf(given),
      ...(vectors && { vectors: { name: vectors.name } }),
      ...(targetVectors && { targetVectors: { name: targetVectors.name } }),
      ...(from && { from: startOf(from, task.handedOver, againstScratch) }),
    },
  }
}

/** @throws HeddleError `usage` for settings of adapters beside those that a run goes on training */
function withAdapters(from: StartingPoint | undefined, settings: Settings): Settings {
  if (from?.adapters === undefined) return settings
  const training = settings['training'] as Settings | undefined
  if (training?.['adapters'] === undefined) return { ...settings, training: { ...training, adapters: from.adapters } }
  throw new HeddleError(
    'usage',
    `${from.name}: expected no training.adapters, as the run continues the adapters of the folder, got some. Leave them out, or merge the folder's adapters with --merge-adapters.`,
  )
}

const startOf = (
  { name, base, mergedAdapters }: StartingPoint,
  { weights }: Partial<HandedOver> = {},
  againstScratch: boolean | undefined,
) => ({
  name,
  ...(base !== undefined && { base }),
  ...(mergedAdapters === true && { mergedAdapters }),
  ...(weights && { weights }),
  ...(againstScratch !== undefined && { againstScratch }),
})

/** The settings of a task, with the model that stands on the encoder of a starting point where it can. */
function withEncoder(from: StartingPoint | undefined, config: Settings, given: unknown, recipe: Recipe): Settings {
  const { model } = config
  if (from === undefined || !isObject(model)) return config
  const { headOnEncoder } = recipe.task
  const onOther = onEncoder({ model: model as unknown as PartSpec, given, headOnEncoder }, from)
  return onOther === undefined ? config : { ...config, model: onOther }
}

/** Names the weights that start at random, and those that have no place in the new model. */
function noteOfWeights({ drawn, unused }: Partial<HandedOver> = {}): string[] {
  return [
    ...(drawn?.length ? [`weights that start at random: ${drawn.join(', ')}`] : []),
    ...(unused?.length ? [`weights that are not used: ${unused.join(', ')}`] : []),
  ]
}

/** Says which examples a model that is fitted in one pass does without. */
function notUsed({ pipeline: { learning } }: Task, train: readonly unknown[]): string[] {
  const note = 'fit' in learning ? learning.leavesOut?.(train) : undefined
  return note === undefined ? [] : [note]
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

/** Reads the task of a run as it was saved, and the data that the run was started with. */
export function prepareResumed(options: TrainRunOptions): Promise<PreparedRun> {
  return readingUnder(options, resumedRun)
}

async function resumedRun({ registry, store, name = 'run', from, ...given }: TrainRunOptions): Promise<PreparedRun> {
  const config = await readRunConfig(store, registry, name)
  if (config.recipe === null || config.seed === null) {
    throw new HeddleError(
      'usage',
      `${name}: expected a run of a recipe, got a task that was trained from code. Continue it with its fit method.`,
    )
  }
  await checkSameData(config, given, name)
  const vectors = config.vectors ?? config.targetVectors
  if (vectors !== undefined && (await store.read('trainer/state.json')) === undefined) {
    throw new HeddleError(
      'usage',
      `${name}: expected a checkpoint, as the run started with word vectors (${vectors.name}), got none. Start a new run.`,
    )
  }
  const recipe = registry.create(recipePoint, { type: config.recipe.name }, undefined)
  const data = parseConfig(`${name}/config.json: recipe.data`, recipe.data.config, config.recipe.data)
  const task = await restoreTask({ store, registry, name }, config)
  try {
    if ('objective' in task.pipeline.learning) await requireCheckpoint(store, name)
    if (await startsAfresh(store, config)) {
      if (from === undefined) {
        throw new HeddleError(
          'usage',
          `${name}: expected the model that the run started from (${config.from?.name}), as it has no checkpoint yet, got none. Open it and pass it as from.`,
        )
      }
      await from.handOver(task.model)
      from.handOverAdapters?.(task.model)
    }
    const { dataset, notes, left } = await loadDataset(recipe, task, given, data, config.seed)
    return { recipe, task, seed: config.seed, dataset, dataNotes: notes, notes, left, provenance: config }
  } catch (error) {
    task.dispose()
    throw error
  }
}

/** Weights without a checkpoint are not of steps that were made here: training would begin anew and replace them. */
async function requireCheckpoint(store: RunStore, name: string): Promise<void> {
  if ((await store.read('trainer/state.json')) !== undefined) return
  const weights = await openFile(store, 'model.safetensors')
  if (weights === undefined) return
  await weights.close()
  throw new HeddleError(
    'usage',
    `${name}: expected a run with a checkpoint, got weights without one, as of an ensemble, an average or an import. Start a new run from them with --from ${shellWord(name)}.`,
  )
}

/** Prepares a run whose data can no longer be read once the signal aborts; when it is prepared, training reads them to the end of its step. */
async function readingUnder<O extends GivenData & Pick<TrainRunOptions, 'signal'>>(
  options: O,
  prepare: (options: O) => Promise<PreparedRun>,
): Promise<PreparedRun> {
  const { signal, source, validation, test } = options
  if (signal === undefined) return prepare(options)
  signal.throwIfAborted()
  const reading = new AbortController()
  const abort = () => reading.abort(signal.reason)
  signal.addEventListener('abort', abort)
  const under = (given: DataSource | undefined) => given && abortableSource(given, reading.signal)
  try {
    return await prepare({ ...options, source: under(source), validation: under(validation), test: under(test) })
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Whether a run takes its first weights from another model when it is resumed: it was stopped before its first checkpoint. */
export const startsAfresh = async (store: RunStore, { from }: Pick<RunConfig, 'from'>): Promise<boolean> =>
  from !== undefined && (await store.read('trainer/state.json')) === undefined
