import { paddingMask } from '@heddle/attention'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { RecurrentOutput } from './recurrent.ts'

// B batch, T time, D directions, H hidden size

export const poolingKind = z
  .enum(['last', 'mean', 'max'])
  .describe("vector for the whole sequence: its 'last' hidden state, or the 'mean' or 'max' over its steps")
export type PoolingKind = z.output<typeof poolingKind>

/**
 * One vector for each sequence; steps past a length do not count.
 *
 * @param directions number of directions of the last layer
 * @param lengths [B], int32
 * @returns [B, D·H]
 */
export function pool(
  kind: PoolingKind,
  { outputs, state }: RecurrentOutput,
  directions: number,
  lengths?: tf.Tensor,
): tf.Tensor {
  if (kind === 'last') {
    const ends = state.slice(-directions).map(([h]) => h!)
    return ends.length === 1 ? ends[0]! : tf.concat(ends, 1)
  }
  if (lengths === undefined) return kind === 'mean' ? tf.mean(outputs, 1) : tf.max(outputs, 1)
  if (kind === 'mean') {
    const count = tf.maximum(tf.expandDims(tf.cast(lengths, 'float32'), 1), 1) // [B, 1]
    return tf.div(tf.sum(outputs, 1), count) // outputs past a length are zero
  }
  const real = tf.expandDims(paddingMask(lengths, outputs.shape[1]!), 2) // [B, T, 1]
  return tf.max(tf.where(real, outputs, tf.fill(outputs.shape, -1e9)), 1)
}
