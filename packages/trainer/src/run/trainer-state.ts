import { HeddleError } from '@heddle/core'
import { loadStateDict, namedStreams, type StateDict, stateDict } from '@heddle/layers'
import * as z from 'zod'
import type { BestWeights } from '../best-weights.ts'
import type { EarlyStopping } from '../early-stopping.ts'
import { isAdaptive } from '../schedules/schedule.ts'
import type { TrainerOptions } from '../trainer-options.ts'
import type { WeightAverage } from '../weight-average.ts'
import type { Checkpoint } from './checkpoint.ts'
import { checkState, restoreField } from './state-file.ts'

/** Progress that the trainer itself keeps. */
export interface Progress {
  readonly elapsedMs: number
  readonly logBytes: number
  readonly losses: number[]
  readonly skipped: number
  readonly unvalidated: boolean
  /** States of the recorders, by name. */
  readonly recorders: Readonly<Record<string, unknown>>
}

// JSON has no NaN; a metric that is none is written as null.
const metric = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN)
const word = z.int().min(0).max(0xffffffff)
const savedState = z.object({
  elapsedMs: z.number().min(0),
  logBytes: z.int().min(0),
  losses: z.array(z.number()),
  skipped: z.int().min(0),
  unvalidated: z.boolean(),
  recorders: z.record(z.string(), z.unknown()).default({}),
  best: z.array(z.object({ step: z.int().min(0), value: metric, metrics: z.record(z.string(), metric) })),
  streams: z.record(
    z.string(),
    z.object({ key: z.tuple([word, word]).readonly(), drawn: z.int().min(0), splits: z.int().min(0) }),
  ),
  source: z.unknown(),
  stopping: z.unknown(),
  schedule: z.unknown(),
})
type SavedState = z.input<typeof savedState>
/** In state.json the trainer's state is the field 'state'. */
const stateField = z.object({ state: savedState })

/** Group of a checkpoint with the weights of one of the best validations. */
const bestName = (step: number) => `best@${step}`

/** Gathers the state that later steps depend on into a checkpoint, and sets it from one. */
export class TrainerState {
  // biome-ignore lint/suspicious/noExplicitAny: examples and batches do not matter here
  readonly #options: TrainerOptions<any, any>
  readonly #stopping: EarlyStopping
  readonly #best: BestWeights
  readonly #average: WeightAverage | undefined

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: as above
    options: TrainerOptions<any, any>,
    stopping: EarlyStopping,
    best: BestWeights,
    average: WeightAverage | undefined,
  ) {
    this.#options = options
    this.#stopping = stopping
    this.#best = best
    this.#average = average
  }

  async capture(step: number, progress: Progress): Promise<Checkpoint> {
    const { model, optimizer, objective, train, schedule } = this.#options
    const tensors = new Map<string, { step: number; tensors: StateDict }>()
    tensors.set('weights', { step, tensors: await stateDict(model) })
    tensors.set('optimizer', { step, tensors: await optimizer.state() })
    const carried: StateDict | undefined = await objective.state?.()
    if (carried !== undefined) tensors.set('objective', { step, tensors: carried })
    if (this.#average !== undefined) tensors.set('average', { step, tensors: await this.#average.state() })
    const { kept } = this.#best
    for (const { step, weights } of kept) tensors.set(bestName(step), { step, tensors: weights })
    const state: SavedState = {
      ...progress,
      best: kept.map(({ weights: _, ...validation }) => validation),
      streams: Object.fromEntries(this.#streams().map(([path, stream]) => [path, stream.state()])),
      source: train.state(),
      stopping: this.#stopping.state(),
      schedule: isAdaptive(schedule) ? schedule.state() : null,
    }
    return { step, tensors, state }
  }

  /**
   * Sets everything from a checkpoint. After an error the model is as it was, and no tensor of the checkpoint is left.
   *
   * @throws HeddleError when the checkpoint does not belong to this model, objective and optimizer
   */
  restore(checkpoint: Checkpoint): Progress {
    const { model, optimizer, objective, train, schedule } = this.#options
    const { state } = checkState(stateField, { state: checkpoint.state })
    const group = (name: string): StateDict => {
      const found = checkpoint.tensors.get(name)?.tensors
      if (found !== undefined) return found
      throw new HeddleError(
        'format',
        `Checkpoint of step ${checkpoint.step}: expected it to hold '${name}', got ${[...checkpoint.tensors.keys()].map((key) => `'${key}'`).join(', ')}. Resume with the settings that the run was started with.`,
      )
    }
    const kept = state.best.map(({ step }) => group(bestName(step)))
    const streams = this.#streams()
    const missing = streams.filter(([path]) => state.streams[path] === undefined).map(([path]) => `'${path}'`)
    if (missing.length > 0 || streams.length !== Object.keys(state.streams).length) {
      throw new HeddleError(
        'format',
        `Checkpoint of step ${checkpoint.step}: expected the states of ${streams.length} random streams, got ${Object.keys(state.streams).length}` +
          `${missing.length > 0 ? ` (missing ${missing.join(', ')})` : ''}. Resume with the model and objective that the run was started with.`,
      )
    }
    try {
      optimizer.restore(group('optimizer'))
      this.#average?.restore(group('average'))
      if (objective.state !== undefined) objective.restore?.(group('objective'))
      restoreField('state.stopping', () => this.#stopping.restore(state.stopping))
      if (isAdaptive(schedule)) restoreField('state.schedule', () => schedule.restore(state.schedule))
      restoreField('state.source', () => train.restore(state.source))
      loadStateDict(model, group('weights'))
    } catch (error) {
      this.dispose()
      throw error
    }
    for (const [path, stream] of streams) stream.restore(state.streams[path]!)
    this.#best.restore(state.best.map((validation, i) => ({ ...validation, weights: kept[i]! })))
    const { elapsedMs, logBytes, losses, skipped, unvalidated, recorders } = state
    return { elapsedMs, logBytes, losses, skipped, unvalidated, recorders }
  }

  /** Frees the tensors of optimizer and averages, and those that the objective carries; the model stays. */
  dispose(): void {
    const { optimizer, objective } = this.#options
    optimizer.dispose()
    this.#average?.dispose()
    if (objective.state !== undefined) objective.restore?.(new Map())
  }

  /** The random streams of the model (dropout) and of the objective (masking, scheduled sampling). */
  #streams() {
    const { model, objective } = this.#options
    const seen = new Set<object>()
    return [
      ...namedStreams(model).map(([path, stream]) => [`model.${path}`, stream] as const),
      ...namedStreams(objective).map(([path, stream]) => [`objective.${path}`, stream] as const),
    ].filter(([, stream]) => !seen.has(stream) && seen.add(stream))
  }
}
