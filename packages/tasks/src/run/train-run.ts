import { type PartSpec, parseConfig, RandomStream, type Registry } from '@heddle/core'
import type { DataFile } from '@heddle/data'
import type { RunStore, TrainerEvents, TrainingResult } from '@heddle/trainer'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { AnyPipeline } from '../task/pipeline.ts'
import type { TaskRecorder } from '../task/task-recorder.ts'
import { heldOut } from './dataset.ts'
import { metricsFromScratch } from './from-scratch.ts'
import type { GivenData } from './given-data.ts'
import { writeJson } from './json-file.ts'
import { type PreparedRun, prepareNew, prepareResumed } from './prepare-run.ts'
import type { BaselineContext } from './recipe.ts'
import type { StartingPoint } from './starting-point.ts'

export interface RunEvents extends TrainerEvents {
  onPrepared?(prepared: PreparedRun): void | Promise<void>
  onEvaluate?(done: number, total: number): void
  /** The same network is now trained from random weights; its steps follow. */
  onScratch?(): void
}

export interface TrainRunOptions extends GivenData {
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
  /** Pre-trained word vectors to start from, as {@link readWordVectors} reads them. */
  readonly vectors?: DataFile | undefined
  /** The same for the words that the model writes. */
  readonly targetVectors?: DataFile | undefined
  /** A trained model to start from, see {@link openStartingPoint}; a resumed run needs it only before its first checkpoint. */
  readonly from?: StartingPoint | undefined
  /**
   * Whether a run with a starting point also trains the same network from random weights, to tell what the starting point is worth
   * (default: as the recipe says). A resumed run goes on as it was started.
   */
  readonly againstScratch?: boolean | undefined
  /** Continues the run in the store. */
  readonly resume?: boolean
  /**
   * Stops after the current step, with a checkpoint, or within the evaluation; the result tells it by its reason. Before the first step, while
   * data are read and the tokenizer is learned, `trainRun` rejects with the signal's reason and leaves nothing behind.
   */
  readonly signal?: AbortSignal
  readonly events?: RunEvents
  /** Records of the training beside the log, such as TensorBoard's (default none). */
  readonly recorders?: readonly TaskRecorder[]
}

/** Content of `metrics.json`. */
export interface Evaluation {
  /** The part of the data that the metrics are of. */
  readonly part: 'test' | 'validation'
  readonly metrics: Readonly<Record<string, number>>
  /** Numbers of a much simpler method. */
  readonly baseline?: Readonly<Record<string, number>>
  /** Numbers of the same network, trained on the same examples from random weights. */
  readonly fromScratch?: Readonly<Record<string, number>>
}

export interface TrainedRun extends PreparedRun {
  readonly result: TrainingResult
  /** Undefined when training was stopped by the signal, and when no examples are held out. */
  readonly evaluation?: Evaluation
  readonly exhibits: readonly Exhibit[]
}

/**
 * Trains a recipe and keeps it in `store`: settings and assets first, then the trainer's files, and `metrics.json` at the end.
 * Afterwards {@link openTask} reads it.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainedRun> {
  const { store, resume = false, signal, events = {}, recorders = [] } = options
  const prepared = resume ? await prepareResumed(options) : await prepareNew(options)
  const { task, dataset, recipe, provenance } = prepared
  let result: TrainingResult | undefined
  try {
    const { onPrepared, onScratch, ...trainerEvents } = events
    result = await task.fit(dataset.train, {
      validation: dataset.validation,
      store,
      resume,
      provenance,
      ...(signal && { signal }),
      events: { ...trainerEvents, onPrepared: () => onPrepared?.(prepared) },
      recorders,
    })
    if (result.reason === 'aborted') return { ...prepared, result, exhibits: [] }
    const { part, examples } = heldOut(dataset)
    if (part === 'none') return { ...prepared, result, exhibits: [] }
    const metrics = await task.evaluate(examples, {
      onProgress: (done, total) => events.onEvaluate?.(done, total),
      signal,
    })
    const { from } = provenance
    const isCompared = from !== undefined && (options.againstScratch ?? from.againstScratch ?? recipe.againstScratch)
    if (isCompared) onScratch?.()
    const fromScratch = isCompared
      ? await metricsFromScratch({ ...prepared, heldOut: examples, signal, events: trainerEvents })
      : undefined
    if (isCompared && fromScratch === undefined) {
      return { ...prepared, result: { ...result, reason: 'aborted' }, exhibits: [] }
    }
    const context = { ...dataset, heldOut: examples, pipeline: task.pipeline, signal }
    const baseline = await recipe.baseline?.(context)
    const exhibits = [...(await task.demonstrate(examples, { signal })), ...(await ownExhibits(prepared, context))]
    const evaluation = { part, metrics, ...(baseline && { baseline }), ...(fromScratch && { fromScratch }) }
    await writeJson(store, 'metrics.json', evaluation)
    return { ...prepared, result, evaluation, exhibits }
  } catch (error) {
    // Training is saved; a resumed run evaluates its result.
    if (result !== undefined && signal?.aborted === true) {
      return { ...prepared, result: { ...result, reason: 'aborted' }, exhibits: [] }
    }
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
