import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T queries in time, S keys in time

/**
 * Which steps of a padded batch are real: true at s < lengths[b].
 *
 * @param lengths [B], int32
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
 * Which keys a query may see when nobody sees the future: true at s <= t + (S - T).
 *
 * With fewer queries than keys the queries are the last T positions, as in decoding with a cache.
 *
 * @returns [T, S], bool
 */
export function causalMask(T: number, S = T): tf.Tensor {
  return positionMask('causalMask', T, S, (key, query) => tf.lessEqual(key, query))
}

/**
 * A causal mask that also hides what lies `window` or more steps back: true at t - window < s <= t.
 *
 * @returns [T, S], bool
 * @see Beltagy et al. 2020, "Longformer: the long-document Transformer"
 */
export function slidingWindowMask(T: number, window: number, S = T): tf.Tensor {
  if (!Number.isInteger(window) || window < 1) {
    throw new HeddleError('usage', `slidingWindowMask: expected a window of at least 1, got ${window}.`)
  }
  return positionMask('slidingWindowMask', T, S, (key, query) =>
    tf.logicalAnd(tf.lessEqual(key, query), tf.greater(key, tf.sub(query, window))),
  )
}

function positionMask(
  where: string,
  T: number,
  S: number,
  visible: (key: tf.Tensor, query: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (S < T) throw new HeddleError('shape', `${where}: expected at least as many keys as queries (${T}), got ${S}.`)
  const query = tf.expandDims(tf.range(S - T, S, 1, 'int32'), 1) // [T, 1]
  const key = tf.expandDims(tf.range(0, S, 1, 'int32'), 0) // [1, S]
  return visible(key, query) // [T, S]
}

/** Where all of the masks are true; the shapes broadcast. */
export function combineMasks(first: tf.Tensor, ...others: readonly tf.Tensor[]): tf.Tensor {
  return others.reduce((all, mask) => tf.logicalAnd(all, mask), first)
}

// Far below any score and finite: a hidden key gets a weight of exactly 0, and a row in which all are hidden stays finite.
const HIDDEN = -1e9

/**
 * What is added to attention scores: 0 where the mask is true, -1e9 elsewhere.
 *
 * @param mask any shape, bool
 */
export function maskBias(mask: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sub(1, tf.cast(mask, 'float32')), HIDDEN)
}
