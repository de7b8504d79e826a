import type * as tf from '@tensorflow/tfjs-core'

/** Numbers of a tensor, of a large one a part of them. */
export interface ValueSample {
  /** Number of values of the whole tensor. */
  readonly size: number
  readonly values: Float32Array
}

/** Most values of a tensor that are looked at. */
const MOST = 8192
/** Multiples of the golden ratio's fraction, modulo 1, are spread evenly, and never along a column of a matrix. */
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Reads a tensor back and keeps at most 8192 of its values, spread evenly over it: the same places each time.
 *
 * @param scale factor of the values
 */
export async function sampleOf(tensor: tf.Tensor, scale = 1): Promise<ValueSample> {
  const all = (await tensor.data()) as Float32Array
  const values = new Float32Array(Math.min(all.length, MOST))
  if (all.length <= MOST) for (let i = 0; i < values.length; i++) values[i] = scale * all[i]!
  else for (let i = 0; i < MOST; i++) values[i] = scale * all[Math.floor(((i * GOLDEN) % 1) * all.length)]!
  return { size: all.length, values }
}
