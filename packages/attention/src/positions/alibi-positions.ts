import { parseConfig } from '@heddle/core'
import { Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Positions } from './positions.ts'

// N heads, T queries, S keys

const alibiPositionsConfig = z.strictObject({
  numHeads: z.int().min(1).describe('number of heads'),
})
export type AlibiPositionsConfig = z.input<typeof alibiPositionsConfig>

/**
 * A penalty on the score that grows with the distance of query and key, at another rate in each head.
 *
 *     bias = -slope_n·|t - s|,  slope_n = 2^(-8·n/N) for n = 1 … N
 *
 * The slopes are those of the paper's text for every N; its code has others where N is no power of two.
 *
 * @see Press et al. 2022, "Train short, test long: attention with linear biases enables input length extrapolation"
 */
export class AlibiPositions extends Module implements Positions {
  /** [N] */
  readonly slopes: readonly number[]

  constructor(config: AlibiPositionsConfig) {
    super()
    const { numHeads } = parseConfig('AlibiPositions', alibiPositionsConfig, config)
    this.slopes = Array.from({ length: numHeads }, (_, n) => 2 ** ((-8 * (n + 1)) / numHeads))
  }

  /** @returns [1, N, T, S] */
  forward(T: number, S: number): tf.Tensor {
    return this.bias(T, S)
  }

  bias(T: number, S: number): tf.Tensor {
    const query = tf.reshape(tf.range(S - T, S, 1), [1, 1, T, 1])
    const key = tf.reshape(tf.range(0, S, 1), [1, 1, 1, S])
    const slopes = tf.tensor([...this.slopes], [1, this.slopes.length, 1, 1])
    return tf.neg(tf.mul(slopes, tf.abs(tf.sub(query, key))))
  }
}
