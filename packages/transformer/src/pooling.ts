import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T time, D size of a step

export const poolingKind = z
  .enum(['mean', 'max', 'first', 'last'])
  .describe("vector for the whole input: the 'mean' or 'max' over its steps, or its 'first' or 'last' step")
export type PoolingKind = z.output<typeof poolingKind>

/**
 * One vector for each row; padding does not count.
 *
 * @param x [B, T, D], 0 at padding
 * @param mask true at the real steps, [B, T], bool
 * @returns [B, D]
 */
export function pool(kind: PoolingKind, x: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  const [B, T, D] = x.shape as [number, number, number]
  if (kind === 'first') return tf.reshape(tf.slice(x, [0, 0, 0], [B, 1, D]), [B, D])
  if (kind === 'last') return lastStep(x, mask)
  if (mask === undefined) return kind === 'mean' ? tf.mean(x, 1) : tf.max(x, 1)
  const real = tf.reshape(tf.cast(mask, 'float32'), [B, T, 1])
  if (kind === 'mean') return tf.div(tf.sum(x, 1), tf.maximum(tf.sum(real, 1), 1))
  return tf.max(tf.add(x, tf.mul(tf.sub(real, 1), 1e9)), 1)
}

/** The last real step of each row, [B, D]. */
function lastStep(x: tf.Tensor, mask: tf.Tensor | undefined): tf.Tensor {
  const [B, T, D] = x.shape as [number, number, number]
  if (mask === undefined) return tf.reshape(tf.slice(x, [0, T - 1, 0], [B, 1, D]), [B, D])
  const lengths = tf.sum(tf.cast(mask, 'int32'), 1) // [B]
  const places = tf.add(tf.range(0, B * T, T, 'int32'), tf.sub(tf.maximum(lengths, 1), 1)) // [B]
  return tf.gather(tf.reshape(x, [B * T, D]), tf.cast(places, 'int32'))
}
