import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { fusedOp } from './fused-op.ts'
import { ones, zeros } from './initializers.ts'
import { Module } from './module.ts'
import type { NormFormula } from './norm-formula.ts'
import { Parameter } from './parameter.ts'
import type { PyTorchModule } from './pytorch/pytorch-module.ts'

// N any leading axes, D features

export const layerNormConfig = z.strictObject({
  size: z.int().min(1).describe('number of features that are normalized together'),
  epsilon: z.number().positive().default(1e-5).describe('small number added to the variance, against division by zero'),
  bias: z.boolean().default(true).describe('whether a trained vector is added'),
})
export type LayerNormConfig = z.input<typeof layerNormConfig>

/**
 * Layer normalization: y = (x - mean(x)) / sqrt(var(x) + epsilon) · weight + bias, over the last axis.
 *
 * @see Ba et al. 2016, "Layer normalization"
 */
export class LayerNorm extends Module {
  readonly weight: Parameter // [D]
  readonly bias?: Parameter // [D]
  readonly epsilon: number

  constructor(config: LayerNormConfig, rng: RandomStream) {
    super()
    const { size, epsilon, bias } = parseConfig('LayerNorm', layerNormConfig, config)
    this.weight = new Parameter([size], ones, rng)
    if (bias) this.bias = new Parameter([size], zeros, rng)
    this.epsilon = epsilon
  }

  get normFormula(): NormFormula {
    const { weight, bias, epsilon } = this
    return { centered: true, epsilon, weight, bias }
  }

  /**
   * @param x [N…, D]
   * @returns [N…, D]
   */
  forward(x: tf.Tensor): tf.Tensor {
    return layerNorm(x, this.weight.value, this.bias?.value, this.epsilon)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(): Promise<PyTorchModule> {
    const { layerNorm } = await import('./pytorch/layers.ts')
    return layerNorm(this)
  }
}

/**
 * Layer normalization as a function.
 *
 * @param x [N…, D]
 * @param weight [D]
 * @param bias [D], zero when missing
 */
export function layerNorm(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor, epsilon = 1e-5): tf.Tensor {
  const D = weight.shape[0]!
  if (x.shape.at(-1) !== D) throw new HeddleError('shape', `LayerNorm: expected x [..., ${D}], got [${x.shape}].`)
  return fusedOp('HeddleLayerNorm', { x, weight, bias: bias ?? tf.zeros([D]) }, { epsilon }, layerNormReference)[0]
}

function layerNormReference(
  { x, weight, bias }: { x: tf.Tensor; weight: tf.Tensor; bias: tf.Tensor },
  { epsilon }: { epsilon: number },
): [tf.Tensor] {
  const centered = tf.sub(x, tf.mean(x, -1, true)) // [N…, D]
  const variance = tf.mean(tf.square(centered), -1, true) // [N…, 1]
  const normalized = tf.mul(centered, tf.rsqrt(tf.add(variance, epsilon)))
  return [tf.add(tf.mul(normalized, weight), bias)]
}
