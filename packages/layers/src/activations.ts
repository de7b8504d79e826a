import { parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { fusedOp } from './fused-op.ts'
import { Module } from './module.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'

/** Element-wise functions by name. */
export const activations = {
  identity: (x: tf.Tensor): tf.Tensor => x,
  relu: (x: tf.Tensor): tf.Tensor => tf.relu(x),
  tanh: (x: tf.Tensor): tf.Tensor => tf.tanh(x),
  sigmoid: (x: tf.Tensor): tf.Tensor => tf.sigmoid(x),
  gelu,
  'gelu-tanh': geluTanh,
  silu,
  'relu-squared': reluSquared,
} as const

export type ActivationName = keyof typeof activations

export const activationName = z.enum(Object.keys(activations) as [ActivationName, ...ActivationName[]])

/**
 * Gaussian error linear unit: x·Φ(x) = x·(1 + erf(x / √2)) / 2.
 *
 * @see Hendrycks & Gimpel 2016, "Gaussian error linear units"
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  return fusedOp(
    'HeddleGelu',
    { x },
    {},
    ({ x }) => [tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1))] as const,
  )[0]
}

/** The tanh approximation of GELU that GPT-2 uses: x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2. */
export function geluTanh(x: tf.Tensor): tf.Tensor {
  return fusedOp('HeddleGeluTanh', { x }, {}, ({ x }) => {
    const cubed = tf.mul(tf.square(x), x)
    const inner = tf.mul(tf.add(x, tf.mul(cubed, 0.044715)), Math.sqrt(2 / Math.PI))
    return [tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))] as const
  })[0]
}

/** Sigmoid linear unit (swish): x·σ(x). */
export function silu(x: tf.Tensor): tf.Tensor {
  return fusedOp('HeddleSilu', { x }, {}, ({ x }) => [tf.mul(x, tf.sigmoid(x))] as const)[0]
}

/**
 * Square of the rectified linear unit: max(x, 0)².
 *
 * @see So et al. 2021, "Primer: searching for efficient Transformers for language modeling"
 */
export function reluSquared(x: tf.Tensor): tf.Tensor {
  return fusedOp('HeddleReluSquared', { x }, {}, ({ x }) => [tf.square(tf.relu(x))] as const)[0]
}

export const activationConfig = z.strictObject({ function: activationName.describe('element-wise function') })

/** An activation as a module, for `Sequential`. */
export class Activation extends Module {
  readonly function: ActivationName

  constructor(config: z.input<typeof activationConfig>) {
    super()
    this.function = parseConfig('Activation', activationConfig, config).function
  }

  /** @param x any shape */
  forward(x: tf.Tensor): tf.Tensor {
    return activations[this.function](x)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { activation } = await import('./pytorch/layers.ts')
    return activation(this, source)
  }
}
