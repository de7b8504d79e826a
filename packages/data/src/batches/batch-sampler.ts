import { HeddleError, type RandomState, type RandomStream } from '@heddle/core'
import {
  type BatchesOptions,
  checkBatches,
  countBatches,
  DEFAULT_BUCKET_FACTOR,
  planBatches,
} from './batches-by-length.ts'
import { checkState } from './sampler-state.ts'

export interface BatchSamplerOptions<E> extends Omit<BatchesOptions<E>, 'rng'> {
  /** Whether each epoch has its own random order. Default: true. */
  readonly shuffle?: boolean
  /** Required to shuffle. The sampler splits its own stream off it. */
  readonly rng?: RandomStream
}

/** The position of a sampler, as JSON. */
export interface BatchSamplerState {
  readonly kind: 'batch-sampler'
  readonly numExamples: number
  readonly batchSize: number
  readonly bucketFactor: number
  readonly dropLast: boolean
  readonly epoch: number
  /** Number of batches of the epoch that were taken. */
  readonly position: number
  /** The random stream at the start of the epoch; null without shuffling. */
  readonly rng: RandomState | null
}

/**
 * Endless batches, epoch after epoch, each epoch in a new order. Lengths are used as in `batchesByLength`.
 *
 * A sampler with the same examples and options that restores the state of another continues with the same batches.
 */
export class BatchSampler<E> {
  readonly #examples: readonly E[]
  readonly #options: BatchSamplerOptions<E>
  readonly #lengths: Float64Array | undefined
  readonly #rng: RandomStream | undefined
  #epoch = 0
  #position = 0
  #plan: number[][] | undefined
  #atEpochStart: RandomState | null

  constructor(examples: readonly E[], options: BatchSamplerOptions<E>) {
    checkBatches('BatchSampler', examples.length, options)
    const { shuffle = true, rng, length } = options
    if (shuffle && rng === undefined) {
      throw new HeddleError(
        'config',
        'BatchSampler: expected rng, a RandomStream, to shuffle, got none. Pass one, or shuffle: false.',
      )
    }
    this.#examples = examples
    this.#options = options
    this.#lengths = length && Float64Array.from(examples, length)
    this.#rng = shuffle ? rng!.split() : undefined
    this.#atEpochStart = this.#rng?.state() ?? null
  }

  /** Returns the next batch. After the last batch of an epoch comes the first one of the next epoch. */
  next(): E[] {
    this.#plan ??= this.#planEpoch()
    const batch = this.#plan[this.#position++]!.map((index) => this.#examples[index]!)
    if (this.#position === this.#plan.length) {
      this.#epoch++
      this.#position = 0
      this.#plan = undefined
      this.#atEpochStart = this.#rng?.state() ?? null
    }
    return batch
  }

  /** Number of complete epochs. */
  get epoch(): number {
    return this.#epoch
  }

  get batchesPerEpoch(): number {
    return countBatches(this.#examples.length, this.#options)
  }

  state(): BatchSamplerState {
    return {
      kind: 'batch-sampler',
      numExamples: this.#examples.length,
      batchSize: this.#options.batchSize,
      bucketFactor: this.#options.bucketFactor ?? DEFAULT_BUCKET_FACTOR,
      dropLast: this.#options.dropLast ?? false,
      epoch: this.#epoch,
      position: this.#position,
      rng: this.#atEpochStart,
    }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to other examples or options */
  restore(state: unknown): void {
    const { numExamples, batchSize, bucketFactor, dropLast } = this.state()
    const settings = { numExamples, batchSize, bucketFactor, dropLast }
    const next = checkState<BatchSamplerState>('BatchSampler', 'batch-sampler', state, settings, this.batchesPerEpoch)
    if ((next.rng === null) !== (this.#rng === undefined)) {
      throw new HeddleError(
        'data',
        `BatchSampler: expected the state of a sampler ${this.#rng ? 'with' : 'without'} shuffling, got another. Resume with the settings that the run began with.`,
      )
    }
    if (next.rng !== null) this.#rng!.restore(next.rng)
    this.#epoch = next.epoch
    this.#position = next.position
    this.#plan = undefined
    this.#atEpochStart = next.rng
  }

  #planEpoch(): number[][] {
    const { rng: _, ...options } = this.#options
    return planBatches(
      this.#examples.length,
      this.#lengths,
      this.#rng === undefined ? options : { ...options, rng: this.#rng },
    )
  }
}
