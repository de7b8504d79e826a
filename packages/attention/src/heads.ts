import { HeddleError } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, N heads, K size of a head, G key-value heads

/** [B, T, N·K] as [B, T, N, K]. */
export function splitHeads(x: tf.Tensor, numHeads: number): tf.Tensor {
  const [B, T, D] = x.shape as [number, number, number]
  return tf.reshape(x, [B, T, numHeads, D / numHeads])
}

/** [B, T, N, K] as [B, T, N·K]. */
export function joinHeads(x: tf.Tensor): tf.Tensor {
  const [B, T, N, K] = x.shape as [number, number, number, number]
  return tf.reshape(x, [B, T, N * K])
}

/** Swaps [B, T, N, K] and [B, N, T, K]. With one step or one head this copies nothing. */
export function swapHeads(x: tf.Tensor): tf.Tensor {
  const [B, first, second, K] = x.shape as [number, number, number, number]
  if (first === 1 || second === 1) return tf.reshape(x, [B, second, first, K])
  return tf.transpose(x, [0, 2, 1, 3])
}

/**
 * Repeats each head, so that `times` query heads in a row share one: heads 0 1 become 0 0 1 1.
 *
 * @param x [B, G, S, K], or [B, S, G, K] where heads are not first
 * @returns [B, G·times, S, K], or [B, S, G·times, K]
 */
export function repeatHeads(x: tf.Tensor, times: number, headsFirst: boolean): tf.Tensor {
  if (times === 1) return x
  const [B, first, second, K] = x.shape as [number, number, number, number]
  const [rows, size] = headsFirst ? [B * first, second * K] : [B * first * second, K]
  const repeated = tf.tile(tf.reshape(x, [rows, 1, size]), [1, times, 1])
  return tf.reshape(repeated, headsFirst ? [B, first * times, second, K] : [B, first, second * times, K])
}

/** Sizes of attention with many heads, as a config states them. */
export interface HeadSizes {
  readonly hiddenSize: number
  readonly numHeads: number
  readonly numKeyValueHeads?: number | undefined
  readonly headSize?: number | undefined
}

/** The sizes with defaults filled in. @throws HeddleError `config` for sizes that do not divide each other */
export function headSizes(where: string, { hiddenSize, numHeads, numKeyValueHeads, headSize }: HeadSizes) {
  if (headSize === undefined && hiddenSize % numHeads !== 0) {
    throw new HeddleError(
      'config',
      `${where}: expected hiddenSize to be a multiple of numHeads (${numHeads}), got ${hiddenSize}. Change one, or set headSize.`,
    )
  }
  const keyValueHeads = numKeyValueHeads ?? numHeads
  if (numHeads % keyValueHeads !== 0) {
    throw new HeddleError(
      'config',
      `${where}: expected numHeads to be a multiple of numKeyValueHeads (${keyValueHeads}), got ${numHeads}. Change one of them.`,
    )
  }
  return { numHeads, numKeyValueHeads: keyValueHeads, headSize: headSize ?? hiddenSize / numHeads }
}
