import { HeddleError, show } from '@heddle/core'

// B batch, T time

export interface PadOptions {
  /** The id of the padding. */
  readonly value: number
  /** The time to pad to. Default: the longest sequence. */
  readonly length?: number
  /** Rounds the time up to a multiple of this number. */
  readonly multipleOf?: number
  /** Side of the padding. Default: `'right'`. */
  readonly side?: 'left' | 'right'
  /** The end of a sequence longer than `length` that is cut off. Without it, such a sequence is an error. */
  readonly truncate?: 'start' | 'end'
}

export interface PaddedBatch {
  /** [B, T], row-major. */
  readonly data: Int32Array
  readonly shape: [B: number, T: number]
  /** [B], the number of ids of each row without padding. */
  readonly lengths: Int32Array
}

/**
 * Pads sequences of ids to one length.
 *
 * @throws HeddleError `data` when a sequence is longer than `length` and `truncate` is not given
 */
export function padSequences(sequences: readonly ArrayLike<number>[], options: PadOptions): PaddedBatch {
  const { value, length, multipleOf = 1, side = 'right', truncate } = options
  for (const [name, size] of [
    ['length', length ?? 1],
    ['multipleOf', multipleOf],
  ] as const) {
    if (!Number.isInteger(size) || size < 1) {
      throw new HeddleError(
        'config',
        `padSequences: expected ${name} to be a whole number of at least 1, got ${show(size)}. Correct it.`,
      )
    }
  }
  const longest = sequences.reduce((most, ids) => Math.max(most, ids.length), 0)
  const B = sequences.length
  const T = Math.ceil((length ?? longest) / multipleOf) * multipleOf
  if (longest > T && truncate === undefined) {
    throw new HeddleError(
      'data',
      `padSequences: expected sequences of at most ${T} ids, got one of ${longest}. Raise length, or pass truncate.`,
    )
  }
  const data = new Int32Array(B * T).fill(value)
  const lengths = new Int32Array(B)
  for (const [b, ids] of sequences.entries()) {
    const size = Math.min(ids.length, T)
    const from = truncate === 'start' ? ids.length - size : 0
    const to = b * T + (side === 'left' ? T - size : 0)
    for (let t = 0; t < size; t++) data[to + t] = ids[from + t]!
    lengths[b] = size
  }
  return { data, shape: [B, T], lengths }
}
