import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { fusedOp } from './fused-op.ts'
import { ones } from './initializers.ts'
import { Module } from './module.ts'
import type { NormFormula } from './norm-formula.ts'
import { Parameter } from './parameter.ts'
import type { PyTorchModule } from './pytorch/pytorch-module.ts'

// N any leading axes, D features

export const rmsNormConfig = z.strictObject({
  size: z.int().min(1).describe('number of features that are normalized together'),
  epsilon: z
    .number()
    .positive()
    .default(1e-6)
    .describe('small number added to the mean square, against division by zero'),
})
export type RMSNormConfig = z.input<typeof rmsNormConfig>

/**
 * Root mean square normalization: y = x / sqrt(mean(x²) + epsilon) · weight, over the last axis.
 *
 * @see Zhang & Sennrich 2019, "Root mean square layer normalization"
 */
export class RMSNorm extends Module {
  readonly weight: Parameter // [D]
  readonly epsilon: number

  constructor(config: RMSNormConfig, rng: RandomStream) {
    super()
    const { size, epsilon } = parseConfig('RMSNorm', rmsNormConfig, config)
    this.weight = new Parameter([size], ones, rng)
    this.epsilon = epsilon
  }

  get normFormula(): NormFormula {
    const { weight, epsilon } = this
    return { centered: false, epsilon, weight }
  }

  /**
   * @param x [N…, D]
   * @returns [N…, D]
   */
  forward(x: tf.Tensor): tf.Tensor {
    const D = this.weight.shape[0]!
    if (x.shape.at(-1) !== D) throw new HeddleError('shape', `RMSNorm: expected x [..., ${D}], got [${x.shape}].`)
    return fusedOp('HeddleRmsNorm', { x, weight: this.weight.value }, { epsilon: this.epsilon }, rmsNormReference)[0]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(): Promise<PyTorchModule> {
    const { rmsNorm } = await import('./pytorch/layers.ts')
    return rmsNorm(this)
  }
}

function rmsNormReference(
  { x, weight }: { x: tf.Tensor; weight: tf.Tensor },
  { epsilon }: { epsilon: number },
): [tf.Tensor] {
  const meanSquare = tf.mean(tf.square(x), -1, true) // [N…, 1]
  return [tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon))), weight)]
}
