import { HeddleError, type PartSpec, type Registry, suggest } from '@heddle/core'
import { type DataSource, fingerprint } from '@heddle/data'
import { countParameters, setTraining } from '@heddle/layers'
import { type RunStore, Trainer, type TrainerEvents, type TrainingResult } from '@heddle/trainer'
import { heldOut, loadDataset } from './dataset.ts'
import type { Exhibit } from './exhibit.ts'
import { Fitting } from './fitting.ts'
import type { Dataset } from './recipe.ts'
import { recipePoint } from './recipe.ts'
import { buildRun, type Run, restoreRun, runStreams } from './run.ts'
import { readRunConfig, writeJson, writeRunConfig } from './run-config.ts'
import { buildOptimizer, buildSchedule } from './training-settings.ts'

/** What is known before the first step. */
export interface PreparedRun {
  readonly run: Run
  readonly dataset: Dataset<unknown>
  readonly notes: readonly string[]
  readonly parameters: number
}

export interface RunEvents extends TrainerEvents {
  onPrepared?(prepared: PreparedRun): void
  onEvaluate?(done: number, total: number): void
}

export interface TrainRunOptions {
  readonly registry: Registry
  readonly store: RunStore
  /** How messages name the run, such as its folder. */
  readonly name?: string
  /** The recipe and its config: { type: 'translate', steps: 500 }. A resumed run has its own. */
  readonly recipe?: PartSpec
  /** Default 1. A resumed run has its own. */
  readonly seed?: number
  readonly source?: DataSource | undefined
  /** Goes on with the run in the store. */
  readonly resume?: boolean
  /** Stops after the step in hand, with a checkpoint. */
  readonly signal?: AbortSignal
  readonly events?: RunEvents
}

/** What `metrics.json` holds. */
export interface Evaluation {
  /** The part of the data that the metrics are of. */
  readonly part: 'test' | 'validation'
  readonly metrics: Readonly<Record<string, number>>
  /** What a much simpler method reaches. */
  readonly baseline?: Readonly<Record<string, number>>
}

export interface TrainedRun extends PreparedRun {
  readonly result: TrainingResult
  /** Undefined when training was stopped by the signal. */
  readonly evaluation?: Evaluation
  readonly exhibits: readonly Exhibit[]
}

/**
 * Trains a recipe and keeps it in `store`: `config.json` and the recipe's files first, then what the trainer keeps, and
 * `metrics.json` at the end. Afterwards {@link openRun} opens it.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainedRun> {
  const { registry, store, resume = false, signal, events = {} } = options
  const prepared = resume ? await resumed(options) : await prepare(options)
  const { run, dataset } = prepared
  const { model, pipeline, recipe, config } = run
  const { samples } = runStreams(config.seed)
  const trainer = trainerOf(prepared, { registry, store, resume, events })
  let release: (() => Promise<void>) | undefined
  try {
    events.onPrepared?.(prepared)
    // Only now, so that a mistake in the settings leaves nothing behind.
    release = await store.lock?.()
    if (!resume) {
      if ((await store.read('config.json')) !== undefined) {
        throw new HeddleError('file', 'train: expected an empty store, got a run. Resume it, or use another folder.')
      }
      for (const [name, content] of Object.entries(prepared.files)) await writeJson(store, name, content)
      await writeRunConfig(store, config)
    }
    const result = await trainer.train(signal)
    const trained = { run, dataset, notes: prepared.notes, parameters: prepared.parameters, result }
    if (result.reason === 'aborted') return { ...trained, exhibits: [] }
    setTraining(model, false)
    const { part, examples } = heldOut(dataset)
    const metrics = await pipeline.evaluate(examples, {
      onProgress: (done, total) => events.onEvaluate?.(done, total),
      signal,
    })
    const baseline = await recipe.baseline?.(dataset)
    const exhibits = await pipeline.demonstrate(examples, samples)
    const evaluation = { part, metrics, ...(baseline && { baseline }) }
    await writeJson(store, 'metrics.json', evaluation)
    return { ...trained, evaluation, exhibits }
  } finally {
    trainer.dispose()
    await release?.()
  }
}

/** What makes the model learn: the trainer, or a fitting where the pipeline has its own way. */
function trainerOf(
  { run, dataset }: PreparedRun,
  { registry, store, resume, events }: Required<Pick<TrainRunOptions, 'registry' | 'store' | 'resume' | 'events'>>,
): { train(signal?: AbortSignal): Promise<TrainingResult>; dispose(): void } {
  const { model, pipeline, recipe, config } = run
  if ('fit' in pipeline) return new Fitting({ pipeline, dataset, store, events })
  const { training } = recipe
  if (training === undefined) {
    throw new HeddleError(
      'config',
      `recipe '${config.recipe.type}': expected training settings, got none. A recipe whose pipeline trains step by step has to give them.`,
    )
  }
  const { steps, clipNorm, evaluateEvery, checkpointEvery, patience } = training
  const validate = pipeline.validate?.bind(pipeline)
  const { monitor, mode } = monitorOf(run)
  return new Trainer({
    model,
    objective: pipeline.task,
    train: pipeline.trainingBatches(dataset.train, runStreams(config.seed).batches),
    validation: () => pipeline.validationBatches(dataset.validation),
    ...(validate && { evaluate: () => validate(dataset.validation) }),
    optimizer: buildOptimizer(training, model, registry),
    schedule: buildSchedule(training, registry, mode),
    monitor,
    mode,
    steps,
    clipNorm,
    evaluateEvery,
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(patience !== undefined && { patience }),
    store,
    resume,
    events,
  })
}

/** What the trainer keeps the best weights by; which way is better stands in the recipe's metrics. */
function monitorOf({ recipe, config }: Run): { monitor: string; mode: 'min' | 'max' } {
  const { monitor = 'loss' } = recipe.training!
  const better =
    recipe.metrics.find(({ name }) => name === monitor)?.better ?? (monitor === 'loss' ? 'lower' : undefined)
  if (better === undefined) {
    const known = recipe.metrics.map(({ name }) => name)
    throw new HeddleError(
      'config',
      `recipe '${config.recipe.type}': expected monitor to be one of its metrics, got '${monitor}'. ${suggest(monitor, known)}`,
    )
  }
  return { monitor, mode: better === 'higher' ? 'max' : 'min' }
}

interface Prepared extends PreparedRun {
  readonly files: Readonly<Record<string, unknown>>
}

async function prepare({ registry, recipe: recipeSpec, seed = 1, source }: TrainRunOptions): Promise<Prepared> {
  if (recipeSpec === undefined) {
    throw new HeddleError('usage', 'trainRun: expected a recipe { type, … }, got none. Name one, or set resume.')
  }
  const asked = registry.create(recipePoint, recipeSpec, undefined)
  const loaded = await loadDataset(asked, source, seed)
  const { dataset } = loaded
  const suited = source === undefined ? {} : (asked.settingsFor?.(dataset.train.length, recipeSpec) ?? {})
  const chosen = Object.entries(suited).filter(([key]) => recipeSpec[key] === undefined)
  const spec = { ...Object.fromEntries(chosen), ...recipeSpec }
  const files = registry.create(recipePoint, spec, undefined).fit(dataset.train)
  const data = source === undefined ? null : { name: source.name, sha256: await fingerprint(source) }
  const run = buildRun({ registry, recipeSpec: spec, seed, data, files })
  const notes = chosen.length === 0 ? loaded.notes : [...loaded.notes, noteOf(dataset.train.length, chosen)]
  return { run, dataset, notes, files, parameters: countParameters(run.model).total }
}

function noteOf(numTraining: number, settings: readonly (readonly [string, unknown])[]): string {
  const values = settings.map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `settings for ${numTraining} examples: ${values.join(', ')}; --set changes them`
}

async function resumed({ registry, store, name = 'run', source }: TrainRunOptions): Promise<Prepared> {
  const config = await readRunConfig(store, registry, name)
  if ((config.data === null) !== (source === undefined)) {
    const expected =
      config.data === null ? 'no data, as the run uses built-in ones' : `the run's data (${config.data.name})`
    throw new HeddleError(
      'data',
      `${name}: expected ${expected}, got ${source?.name ?? 'none'}. ${config.data === null ? 'Leave --data out' : 'Pass the file with --data'}.`,
    )
  }
  if (source !== undefined && config.data?.sha256 !== (await fingerprint(source))) {
    throw new HeddleError(
      'data',
      `${name}: expected the data that the run was started with (${config.data?.name}), got other content in ${source.name}. Pass the same file, or start a new run.`,
    )
  }
  const run = await restoreRun({ store, registry, name }, config)
  const { dataset, notes } = await loadDataset(run.recipe, source, config.seed)
  return { run, dataset, notes, files: {}, parameters: countParameters(run.model).total }
}
