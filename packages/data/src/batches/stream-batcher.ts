import { HeddleError, show } from '@heddle/core'
import { checkState } from './sampler-state.ts'

// B batch, T time

/** A batch for language modeling. Each target is the id after its input. */
export interface LanguageModelBatch {
  /** [B, T], row-major. */
  readonly inputs: Int32Array
  /** [B, T], row-major. */
  readonly targets: Int32Array
  readonly shape: [B: number, T: number]
}

export interface StreamChunk extends LanguageModelBatch {
  /** Whether the chunk is the first of the streams. Reset the recurrent state before it. */
  readonly startsStream: boolean
}

export interface StreamBatcherOptions {
  /** Number of parallel streams. */
  readonly batchSize: number
  /** Number of steps of a chunk. */
  readonly time: number
  /** Whether a shorter last chunk of an epoch is left out. Default: false. */
  readonly dropLast?: boolean
}

/** The position of a batcher, as JSON. */
export interface StreamBatcherState {
  readonly kind: 'stream-batcher'
  readonly numIds: number
  readonly batchSize: number
  readonly time: number
  readonly dropLast: boolean
  readonly epoch: number
  /** Number of chunks of the epoch that were taken. */
  readonly position: number
}

/**
 * Cuts one long text into `batchSize` parallel streams of equal length and reads them in chunks of `time` steps. Row b of a chunk
 * continues row b of the chunk before, so a recurrent state can be carried over (truncated back-propagation through time).
 *
 * The chunks are endless, epoch after epoch. At most `batchSize` ids at the end of the text are never read, as they are too few for
 * another step of every stream.
 *
 * @see Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories"
 */
export class StreamBatcher {
  readonly #ids: Int32Array
  readonly #batchSize: number
  readonly #time: number
  readonly #dropLast: boolean
  readonly #streamLength: number
  #epoch = 0
  #position = 0

  constructor(ids: Int32Array, { batchSize, time, dropLast = false }: StreamBatcherOptions) {
    checkSizes('StreamBatcher', batchSize, time)
    this.#ids = ids
    this.#batchSize = batchSize
    this.#time = time
    this.#dropLast = dropLast
    this.#streamLength = Math.floor((ids.length - 1) / batchSize)
    if (this.chunksPerEpoch < 1) {
      const needed = batchSize * (dropLast ? time : 1) + 1
      throw new HeddleError(
        'data',
        `StreamBatcher: expected at least ${needed} ids for one chunk of ${batchSize} streams, got ${ids.length}. Lower batchSize or time.`,
      )
    }
  }

  next(): StreamChunk {
    const start = this.#position * this.#time
    const B = this.#batchSize
    const T = Math.min(this.#time, this.#streamLength - start)
    const batch = windows(this.#ids, B, T, (b) => b * this.#streamLength + start)
    const chunk = { ...batch, startsStream: this.#position === 0 }
    this.#position++
    if (this.#position === this.chunksPerEpoch) {
      this.#epoch++
      this.#position = 0
    }
    return chunk
  }

  /** Number of complete epochs. */
  get epoch(): number {
    return this.#epoch
  }

  get chunksPerEpoch(): number {
    const chunks = this.#streamLength / this.#time
    return this.#dropLast ? Math.floor(chunks) : Math.ceil(chunks)
  }

  state(): StreamBatcherState {
    return {
      kind: 'stream-batcher',
      numIds: this.#ids.length,
      batchSize: this.#batchSize,
      time: this.#time,
      dropLast: this.#dropLast,
      epoch: this.#epoch,
      position: this.#position,
    }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to other ids or sizes */
  restore(state: unknown): void {
    const { numIds, batchSize, time, dropLast } = this.state()
    const settings = { numIds, batchSize, time, dropLast }
    const next = checkState<StreamBatcherState>('StreamBatcher', 'stream-batcher', state, settings, this.chunksPerEpoch)
    this.#epoch = next.epoch
    this.#position = next.position
  }
}

/** Returns inputs and targets from `start(b)` on for each row b. */
export function windows(ids: Int32Array, B: number, T: number, start: (b: number) => number): LanguageModelBatch {
  const inputs = new Int32Array(B * T)
  const targets = new Int32Array(B * T)
  for (let b = 0; b < B; b++) {
    const from = start(b)
    inputs.set(ids.subarray(from, from + T), b * T)
    targets.set(ids.subarray(from + 1, from + T + 1), b * T)
  }
  return { inputs, targets, shape: [B, T] }
}

export function checkSizes(where: string, batchSize: number, time: number): void {
  for (const [name, size] of [
    ['batchSize', batchSize],
    ['time', time],
  ] as const) {
    if (!Number.isInteger(size) || size < 1) {
      throw new HeddleError(
        'config',
        `${where}: expected ${name} to be a whole number of at least 1, got ${show(size)}. Correct it.`,
      )
    }
  }
}
