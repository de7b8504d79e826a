import * as tf from '@tensorflow/tfjs-core'
import { maskBias, windowMask } from './masks.ts'

// B batch, N heads, T steps, W window, C = ⌈T / W⌉ blocks, K size of a query and key, V size of a value

export interface WindowAttentionOptions {
  readonly window: number
  readonly scale: number
  /** [B, T], bool */
  readonly mask?: tf.Tensor | undefined
}

/**
 * Causal attention in which step t sees the steps t - W + 1 … t. Blocks of W queries look at their own block of keys and the one
 * before, so that time and memory grow with T·W.
 *
 * @param query [B, N, T, K]
 * @param key [B, N, T, K]
 * @param value [B, N, T, V]
 * @returns [B, N, T, V]
 * @see Beltagy et al. 2020, "Longformer: the long-document Transformer"
 */
export function windowAttention(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  { window: W, scale, mask }: WindowAttentionOptions,
): tf.Tensor {
  const [B, N, T] = query.shape as [number, number, number, number]
  const C = Math.ceil(T / W)
  const products = tf.matMul(blocks(query, 0, C * W, W), doubleBlocks(key, C * W, W), false, true) // [B·N·C, W, 2·W]
  const scores = tf.mul(tf.reshape(products, [B, N, C * W, 2 * W]), scale)
  const visible = visibleKeys(T, C, W, mask) // [B or 1, 1, C·W, 2·W]
  // All 0 for a query without a visible key.
  const weights = tf.mul(tf.softmax(tf.add(scores, maskBias(visible))), tf.cast(visible, 'float32'))
  const out = tf.matMul(tf.reshape(weights, [B * N * C, W, 2 * W]), doubleBlocks(value, C * W, W)) // [B·N·C, W, V]
  return tf.slice(tf.reshape(out, [B, N, C * W, -1]), [0, 0, 0, 0], [B, N, T, -1])
}

/** The steps from -before to end, zeros outside of x, in blocks of W: [B·N·C, W, K]. */
function blocks(x: tf.Tensor, before: number, end: number, W: number): tf.Tensor {
  const [B, N, T, K] = x.shape as [number, number, number, number]
  const rows = tf.reshape(x, [B * N, T, K]) as tf.Tensor3D
  const real = Math.min(T, end)
  const within = real < T ? tf.slice(rows, [0, 0, 0], [-1, real, -1]) : rows
  const padded = tf.pad(within, [
    [0, 0],
    [before, end - real],
    [0, 0],
  ])
  return tf.reshape(padded, [(B * N * (before + end)) / W, W, K])
}

/** Each block behind the one before it: [B·N·C, 2·W, K]. */
function doubleBlocks(x: tf.Tensor, end: number, W: number): tf.Tensor {
  return tf.concat([blocks(x, W, end - W, W), blocks(x, 0, end, W)], 1)
}

/** [B or 1, 1, C·W, 2·W], bool */
function visibleKeys(T: number, C: number, W: number, mask: tf.Tensor | undefined): tf.Tensor {
  const steps = mask === undefined ? tf.ones([1, T]) : tf.cast(mask, 'float32')
  const real = doubleBlocks(tf.reshape(steps, [-1, 1, T, 1]), C * W, W) // [B·C, 2·W, 1]; 0 before the first step
  const keys = tf.reshape(tf.greater(real, 0), [-1, C, 1, 2 * W])
  const band = tf.reshape(windowMask(W, W, 2 * W), [1, 1, W, 2 * W])
  return tf.reshape(tf.logicalAnd(keys, band), [-1, 1, C * W, 2 * W])
}
