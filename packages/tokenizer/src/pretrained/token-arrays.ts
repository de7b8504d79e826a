import type { Encoding } from '../encoding/encoding.ts'

/** A batch of encodings as arrays of one shape, row by row: `tf.tensor2d(arrays.ids, arrays.shape, 'int32')`. */
export interface TokenArrays {
  /** [B, T]. */
  readonly shape: [number, number]
  readonly ids: Int32Array
  /** 1 for tokens, 0 for padding. */
  readonly attentionMask: Int32Array
  readonly typeIds: Int32Array
  /** Number of tokens of each row without padding. [B] */
  readonly lengths: Int32Array
}

/** Copies encodings of one length into arrays. */
export function tokenArrays(encodings: readonly Encoding[]): TokenArrays {
  const width = encodings[0]?.length ?? 0
  const count = encodings.length * width
  const arrays = {
    shape: [encodings.length, width] as [number, number],
    ids: new Int32Array(count),
    attentionMask: new Int32Array(count),
    typeIds: new Int32Array(count),
    lengths: new Int32Array(encodings.length),
  }
  for (const [row, encoding] of encodings.entries()) {
    arrays.ids.set(encoding.ids, row * width)
    arrays.attentionMask.set(encoding.attentionMask, row * width)
    arrays.typeIds.set(encoding.typeIds, row * width)
    arrays.lengths[row] = encoding.attentionMask.reduce((sum, one) => sum + one, 0)
  }
  return arrays
}
