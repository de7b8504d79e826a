import { HeddleError, type RandomStream, show } from '@heddle/core'
import { type BatchRamp, batchSizeAt, PooledRows } from '@heddle/data'
import type { BatchSource } from '@heddle/trainer'
import type { EncodeTexts } from './counting.ts'
import type { TextWindow } from './next-token.ts'
import { bytesOfTexts, type TextExample, textsOf } from './text-example.ts'

// B batch, T time

/** Bytes of UTF-8 of a token, for the number of batches of an epoch before it is read. */
const BYTES_PER_TOKEN = 2

export interface PartWindowsOptions {
  readonly encode: EncodeTexts
  readonly batchSize: number
  readonly windowLength: number
  readonly batchRamp?: BatchRamp | undefined
  /** Number of updates, over which the batch grows, and of batches of each. */
  readonly steps: number
  readonly accumulate: number
  /** Name for messages. */
  readonly where: string
  /** Bytes of text whose windows are shuffled with one another (default 4 MiB). */
  readonly poolSize?: number
}

type SizedText = { readonly size: number; readonly text: TextExample }

/**
 * Endless windows from random places of a text that may be larger than memory: its parts in random order, a few of which are read at
 * a time, cut into windows from a random place on, and shuffled. An epoch has every window once.
 */
export function randomPartWindows(
  texts: readonly TextExample[],
  rng: RandomStream,
  options: PartWindowsOptions,
): BatchSource<TextWindow> {
  const { encode, batchSize, windowLength: T, batchRamp, steps, accumulate, where, poolSize } = options
  const windowsOf = async (parts: readonly SizedText[], stream: RandomStream) => {
    const ids = await encode(await textsOf(parts.map(({ text }) => text)))
    const first = stream.integer(T)
    const count = Math.max(0, Math.floor((ids.length - 1 - first) / T))
    return Array.from({ length: count }, (_, i) => ({ ids: ids.subarray(first + i * T, first + (i + 1) * T + 1) }))
  }
  const rows = new PooledRows(
    texts.map((text) => ({ size: bytesOfTexts([text]), text })),
    windowsOf,
    {
      ...{ rng, where, ifEmpty: `: windows have ${T} tokens. Lower training.windowLength.` },
      ...(poolSize !== undefined && { poolSize }),
    },
  )
  let batches = 0
  return {
    async next() {
      const B = batchSizeAt(batchSize, batchRamp, Math.floor(batches / accumulate), steps)
      const taken = await rows.take(B)
      batches++
      return [
        windowOf(
          taken.map(({ ids }) => ids),
          T,
        ),
      ]
    },
    get epoch() {
      return rows.epoch
    },
    batchesPerEpoch: batchesOf(texts, batchSize, T),
    state: () => ({ kind: 'part-windows', batches, rows: rows.state() }),
    restore(state) {
      const saved = checked(state, 'part-windows', where)
      rows.restore(saved['rows'])
      batches = saved['batches'] as number
    },
  }
}

/**
 * A text that may be larger than memory in streams side by side: each reads a stretch of its parts in their order, so that a recurrent
 * state can be carried on. An epoch ends with the shortest stream.
 */
export class PartStreams implements BatchSource<TextWindow> {
  readonly batchesPerEpoch: number
  readonly #stretches: readonly (readonly TextExample[])[]
  readonly #options: PartWindowsOptions
  #epoch = 0
  #streams: Stream[] = []

  constructor(texts: readonly TextExample[], options: PartWindowsOptions) {
    const { batchSize: B, windowLength, where } = options
    if (texts.length < B) {
      throw new HeddleError(
        'config',
        `${where}: expected at most ${texts.length} streams, one for each part of the text, got training.batchSize ${B}. Lower it, or set training.windows to random.`,
      )
    }
    this.#options = options
    this.batchesPerEpoch = batchesOf(texts, B, windowLength)
    const border = (b: number) => Math.floor((b * texts.length) / B)
    this.#stretches = Array.from({ length: B }, (_, b) => texts.slice(border(b), border(b + 1)))
    this.#rewind()
  }

  get epoch(): number {
    return this.#epoch
  }

  async next(): Promise<readonly TextWindow[]> {
    const T = this.#options.windowLength
    for (let tries = 0; ; tries++) {
      const startsStream = this.#streams.every(({ part, at }) => part === 0 && at === 0)
      const rows: Int32Array[] = []
      for (const [b, stream] of this.#streams.entries()) rows.push(await this.#read(b, stream))
      const length = Math.min(T, ...rows.map((ids) => ids.length - 1))
      if (length > 0) {
        for (const stream of this.#streams) stream.at += length
        return [{ ...windowOf(rows, length), startsStream }]
      }
      if (tries > 0) {
        const { where } = this.#options
        throw new HeddleError('data', `${where}: expected text in every stream, got none. Lower training.batchSize.`)
      }
      this.#epoch++
      this.#rewind()
    }
  }

  state(): unknown {
    const streams = this.#streams.map(({ part, at }) => ({ part, at }))
    return { kind: 'part-streams', numParts: this.#numParts, epoch: this.#epoch, streams }
  }

  /** @throws HeddleError `format` when `state` is not a state, `data` when it belongs to another text or number of streams */
  restore(state: unknown): void {
    const { where } = this.#options
    const { numParts, epoch, streams } = checked(state, 'part-streams', where) as {
      numParts?: number
      epoch?: number
      streams?: readonly Pick<Stream, 'part' | 'at'>[]
    }
    if (numParts !== this.#numParts || streams?.length !== this.#streams.length) {
      throw new HeddleError(
        'data',
        `${where}: expected a state of ${this.#streams.length} streams through ${this.#numParts} parts, got ${streams?.length} through ${numParts}. Resume with the data that the run began with.`,
      )
    }
    this.#epoch = epoch!
    this.#streams = streams.map(({ part, at }) => ({ part, at, loaded: [] }))
  }

  get #numParts(): number {
    return this.#stretches.reduce((sum, { length }) => sum + length, 0)
  }

  #rewind(): void {
    this.#streams = this.#stretches.map(() => ({ part: 0, at: 0, loaded: [] }))
  }

  /** The next ids of a stream: a window and the id after it, or fewer at the end. */
  async #read(b: number, stream: Stream): Promise<Int32Array> {
    const { encode, windowLength: T } = this.#options
    const stretch = this.#stretches[b]!
    const { loaded } = stream
    while (loaded.length > 0 && stream.at >= loaded[0]!.length) {
      stream.at -= loaded.shift()!.length
      stream.part++
    }
    let available = loaded.reduce((sum, { length }) => sum + length, -stream.at)
    while (available <= T && stream.part + loaded.length < stretch.length) {
      const next = stream.part + loaded.length
      const ids = await encode(await textsOf(stretch.slice(next, next + 1)))
      loaded.push(ids)
      available += ids.length
    }
    return idsFrom(loaded, stream.at, Math.max(0, Math.min(T + 1, available)))
  }
}

/** A place in a stretch of parts, and the ids of those that are loaded: the part of that place and what the window needs after it. */
interface Stream {
  part: number
  at: number
  readonly loaded: Int32Array[]
}

function idsFrom(loaded: readonly Int32Array[], at: number, count: number): Int32Array {
  const ids = new Int32Array(count)
  let [filled, start] = [0, at]
  for (const part of loaded) {
    const some = part.subarray(start, start + count - filled)
    ids.set(some, filled)
    filled += some.length
    start = Math.max(0, start - part.length)
  }
  return ids
}

/** @param rows at least T + 1 ids each */
function windowOf(rows: readonly Int32Array[], T: number): TextWindow {
  const [inputs, targets] = [new Int32Array(rows.length * T), new Int32Array(rows.length * T)]
  for (const [b, ids] of rows.entries()) {
    inputs.set(ids.subarray(0, T), b * T)
    targets.set(ids.subarray(1, T + 1), b * T)
  }
  return { inputs, targets, shape: [rows.length, T] }
}

const batchesOf = (texts: readonly TextExample[], B: number, T: number): number =>
  Math.max(1, Math.round(bytesOfTexts(texts) / BYTES_PER_TOKEN / (B * T)))

function checked(state: unknown, kind: string, where: string): Record<string, unknown> {
  if (typeof state === 'object' && state !== null && (state as { kind?: unknown }).kind === kind) {
    return state as Record<string, unknown>
  }
  throw new HeddleError(
    'format',
    `${where}: expected a state { kind: '${kind}', … }, got ${show(state)}. The state is damaged.`,
  )
}
