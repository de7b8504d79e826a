import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T queries in time, S keys in time

/**
 * Mask of a padded batch: true at the real steps, s < lengths[b].
 *
 * @param lengths number of real steps in each row, [B], int32
 * @returns [B, S], bool
 */
export function paddingMask(lengths: tf.Tensor, S: number): tf.Tensor {
  if (lengths.rank !== 1 || lengths.dtype !== 'int32') {
    throw new HeddleError(
      'shape',
      `paddingMask: expected lengths [B] of int32, got ${lengths.dtype} [${lengths.shape}]. Pass the number of real steps of each row.`,
    )
  }
  const positions = tf.range(0, S, 1, 'int32') // [S]
  return tf.less(tf.expandDims(positions, 0), tf.expandDims(lengths, 1)) // [B, S]
}

/**
 * Mask of rows that begin late: true at the steps from `starts[b]` on.
 *
 * @param starts first step of each row, [B]
 * @param offset number of the first of the S steps
 * @returns [B, S], bool
 */
export function startMask(starts: Int32Array, S: number, offset = 0): tf.Tensor {
  const steps = tf.range(offset, offset + S, 1, 'int32') // [S]
  return tf.greaterEqual(tf.expandDims(steps, 0), tf.tensor2d(starts, [starts.length, 1], 'int32'))
}

/**
 * Mask that hides the future: true at s <= t + (S - T).
 *
 * With fewer queries than keys the queries are the last T positions, as in decoding with a cache.
 *
 * @returns [T, S], bool
 */
export function causalMask(T: number, S = T): tf.Tensor {
  checkPositions('causalMask', T, S)
  return pastMask(T, S)
}

/**
 * {@link causalMask} for any T and S: with more queries than keys the first ones see nothing.
 *
 * @returns [T, S], bool
 */
export function pastMask(T: number, S: number): tf.Tensor {
  const { query, key } = positions(T, S)
  return tf.lessEqual(key, query)
}

/**
 * Causal mask that also hides the keys that are `window` or more steps back: true at t - window < s <= t.
 *
 * @returns [T, S], bool
 * @see Beltagy et al. 2020, "Longformer: the long-document Transformer"
 */
export function slidingWindowMask(T: number, window: number, S = T): tf.Tensor {
  if (!Number.isInteger(window) || window < 1) {
    throw new HeddleError('usage', `slidingWindowMask: expected a window of at least 1, got ${window}.`)
  }
  checkPositions('slidingWindowMask', T, S)
  return windowMask(T, window, S)
}

/**
 * {@link slidingWindowMask} for any T and S.
 *
 * @returns [T, S], bool
 */
export function windowMask(T: number, window: number, S: number): tf.Tensor {
  const { query, key } = positions(T, S)
  return tf.logicalAnd(tf.lessEqual(key, query), tf.greater(key, tf.sub(query, window)))
}

function checkPositions(where: string, T: number, S: number): void {
  if (S < T) throw new HeddleError('shape', `${where}: expected at least as many keys as queries (${T}), got ${S}.`)
}

/** Positions of queries and keys in one sequence, in which the queries come last. */
function positions(T: number, S: number): { query: tf.Tensor; key: tf.Tensor } {
  return {
    query: tf.expandDims(tf.range(S - T, S, 1, 'int32'), 1), // [T, 1]
    key: tf.expandDims(tf.range(0, S, 1, 'int32'), 0), // [1, S]
  }
}

/** True where all of the masks are true; the shapes broadcast. */
export function combineMasks(first: tf.Tensor, ...others: readonly tf.Tensor[]): tf.Tensor {
  return others.reduce((all, mask) => tf.logicalAnd(all, mask), first)
}

// Far below any score, so that a hidden key has a weight of exactly 0; finite, so that a row without a visible key stays finite.
const HIDDEN = -1e9

/**
 * The mask as numbers to add to attention scores: 0 where it is true, -1e9 elsewhere.
 *
 * @param mask any shape, bool
 */
export function maskBias(mask: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(1, tf.cast(mask, 'float32')), HIDDEN)
}
