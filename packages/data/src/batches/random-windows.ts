import { HeddleError, type RandomState, type RandomStream } from '@heddle/core'
import { checkState } from './sampler-state.ts'
import { checkSizes, type LanguageModelBatch, windows } from './stream-batcher.ts'

// B batch, T time

export interface RandomWindowsOptions {
  readonly batchSize: number
  /** Number of steps of a window. */
  readonly time: number
  /** The windows are drawn from a stream that is split off it. */
  readonly rng: RandomStream
}

/** The position of the windows, as JSON. */
export interface RandomWindowsState {
  readonly kind: 'random-windows'
  readonly numIds: number
  readonly batchSize: number
  readonly time: number
  readonly epoch: number
  /** Number of batches of the epoch that were taken. */
  readonly position: number
  readonly rng: RandomState
}

/**
 * Batches of windows from random places of one long text, each place equally likely, with replacement.
 *
 * An epoch draws as many targets as the text has.
 */
export class RandomWindows {
  readonly #ids: Int32Array
  readonly #batchSize: number
  readonly #time: number
  readonly #rng: RandomStream
  #batches = 0

  constructor(ids: Int32Array, { batchSize, time, rng }: RandomWindowsOptions) {
    checkSizes('RandomWindows', batchSize, time)
    if (ids.length <= time) {
      throw new HeddleError(
        'data',
        `RandomWindows: expected at least ${time + 1} ids for a window of ${time}, got ${ids.length}. Lower time.`,
      )
    }
    this.#ids = ids
    this.#batchSize = batchSize
    this.#time = time
    this.#rng = rng.split()
  }

  /** Returns inputs and targets of shape [B, T]. */
  next(): LanguageModelBatch {
    this.#batches++
    const places = this.#ids.length - this.#time
    return windows(this.#ids, this.#batchSize, this.#time, () => this.#rng.integer(places))
  }

  /** Number of complete epochs. */
  get epoch(): number {
    return Math.floor(this.#batches / this.batchesPerEpoch)
  }

  get batchesPerEpoch(): number {
    return Math.ceil((this.#ids.length - 1) / (this.#batchSize * this.#time))
  }

  state(): RandomWindowsState {
    return {
      kind: 'random-windows',
      numIds: this.#ids.length,
      batchSize: this.#batchSize,
      time: this.#time,
      epoch: this.epoch,
      position: this.#batches % this.batchesPerEpoch,
      rng: this.#rng.state(),
    }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to other ids or sizes */
  restore(state: unknown): void {
    const { numIds, batchSize, time } = this.state()
    const next = checkState<RandomWindowsState>(
      'RandomWindows',
      'random-windows',
      state,
      { numIds, batchSize, time },
      this.batchesPerEpoch,
    )
    this.#rng.restore(next.rng)
    this.#batches = next.epoch * this.batchesPerEpoch + next.position
  }
}
