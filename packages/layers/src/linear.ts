import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type Adaptable, type Adapter, adapterOutput } from './adapters/adapter.ts'
import { fusedOp } from './fused-op.ts'
import { type Initializer, uniform } from './initializers.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'

// N any leading axes, I input size, O output size

export const linearConfig = z.strictObject({
  inputSize: z.int().min(1).describe('number of features of the input'),
  outputSize: z.int().min(1).describe('number of features of the output'),
  bias: z.boolean().default(true).describe('whether a trained vector is added'),
})
export type LinearConfig = z.input<typeof linearConfig>

/** Initializers of weight and bias, in place of the default ones. */
export interface LinearInitial {
  readonly weight?: Initializer
  readonly bias?: Initializer
}

/**
 * Affine map: y = x·weight + bias, plus what an adapter adds.
 *
 * `weight` is [I, O], the transpose of PyTorch's; both start uniform in ±1/sqrt(I), as in PyTorch.
 */
export class Linear extends Module implements Adaptable {
  readonly weight: Parameter // [I, O]
  readonly bias?: Parameter // [O]
  /** Trained in place of the weight, where there is one. */
  adapter: Adapter | undefined

  /** @param initial initializers other than the default ones */
  constructor(config: LinearConfig, rng: RandomStream, initial: LinearInitial = {}) {
    super()
    const { inputSize, outputSize, bias } = parseConfig('Linear', linearConfig, config)
    const bound = 1 / Math.sqrt(inputSize)
    this.weight = new Parameter([inputSize, outputSize], initial.weight ?? uniform(-bound, bound), rng)
    if (bias) this.bias = new Parameter([outputSize], initial.bias ?? uniform(-bound, bound), rng)
  }

  /**
   * @param x [N…, I]
   * @returns [N…, O]
   */
  forward(x: tf.Tensor): tf.Tensor {
    return adapterOutput(this, x, linear(x, this.weight.value, this.bias?.value))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { linear } = await import('./pytorch/layers.ts')
    return linear(this, source)
  }
}

/**
 * y = x·weight + bias as a function.
 *
 * @param x [N…, I]
 * @param weight [I, O]
 * @param bias [O]
 * @returns [N…, O]
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const I = weight.shape[0]!
  if (x.shape.at(-1) !== I) throw new HeddleError('shape', `Linear: expected x [..., ${I}], got [${x.shape}].`)
  return fusedOp('HeddleLinear', { x, weight, ...(bias && { bias }) }, {}, linearReference)[0]
}

function linearReference({ x, weight, bias }: { x: tf.Tensor; weight: tf.Tensor; bias?: tf.Tensor }): [tf.Tensor] {
  const [I, O] = weight.shape as [number, number]
  const flat = tf.reshape(x, [-1, I]) // [N, I]
  const y = tf.fused.matMul({ a: flat as tf.Tensor2D, b: weight as tf.Tensor2D, ...(bias && { bias }) }) // [N, O]
  return [tf.reshape(y, [...x.shape.slice(0, -1), O])] // [N…, O]
}
