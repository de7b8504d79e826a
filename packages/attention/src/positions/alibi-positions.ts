import { parseConfig } from '@heddle/core'
import { Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { spreadDistances } from './distances.ts'
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
    return spreadDistances(this.distanceBias(T, S), T, S)
  }

  /** @returns [N, T + S - 1] */
  distanceBias(T: number, S: number): tf.Tensor {
    const distances = tf.abs(tf.range(1 - S, T, 1)) // [T + S - 1]
    return tf.neg(tf.outerProduct(tf.tensor1d([...this.slopes]), distances as tf.Tensor1D))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { alibiPositions } = await import('../pytorch/positions.ts')
    return alibiPositions(this, source)
  }
}
