import { ExtensionPoint, parseConfig, type RandomStream } from '@heddle/core'
import {
  type ActivationName,
  activationName,
  activations,
  type BuildContext,
  Linear,
  type LinearInitial,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T time, D hidden size, F size of the inner layer

/** The position-wise part of a layer: maps [B, T, D] to [B, T, D], each step by itself. */
export interface FeedForward extends Module {
  forward(x: tf.Tensor): tf.Tensor
  /** Capability: the parts of the formula that `forward` is. */
  readonly networkFormula?: NetworkFormula
}

/** y = output(activation(input(x))), or with a gate output(activation(gate(x)) · input(x)). */
export interface NetworkFormula {
  readonly gate?: Linear
  readonly input: Linear
  readonly output: Linear
  readonly activation: ActivationName
}

/** Initial weights of a feed-forward network. */
export interface FeedForwardInitial {
  readonly input?: LinearInitial | undefined
  /** Of the map back to D. */
  readonly output?: LinearInitial | undefined
}

/** Context in which a feed-forward network is built. */
export interface FeedForwardContext extends BuildContext {
  readonly hiddenSize: number
  readonly initial?: FeedForwardInitial
}

/** Feed-forward networks: the position-wise part of a Transformer layer. */
export const feedForwardPoint = new ExtensionPoint<FeedForward, FeedForwardContext>('feed-forward')

export const mlpConfig = z.strictObject({
  hiddenSize: z.int().min(1).describe('size of the vector of a step'),
  innerSize: z.int().min(1).optional().describe('size of the inner layer (default: 4·hiddenSize)'),
  activation: activationName.default('gelu').describe('function between the two maps'),
  bias: z.boolean().default(true).describe('whether the linear maps add a trained vector'),
})
export type MLPConfig = z.input<typeof mlpConfig>

/**
 * Two linear maps with an activation between them: y = output(activation(input(x))).
 *
 * @see Vaswani et al. 2017, "Attention is all you need", with ReLU
 */
export class MLP extends Module implements FeedForward {
  readonly input: Linear // [D, F]
  readonly output: Linear // [F, D]
  readonly activation: ActivationName

  constructor(config: MLPConfig, rng: RandomStream, initial: FeedForwardInitial = {}) {
    super()
    const { hiddenSize, innerSize = 4 * hiddenSize, activation, bias } = parseConfig('MLP', mlpConfig, config)
    this.input = new Linear({ inputSize: hiddenSize, outputSize: innerSize, bias }, rng, initial.input)
    this.output = new Linear({ inputSize: innerSize, outputSize: hiddenSize, bias }, rng, initial.output)
    this.activation = activation
  }

  get networkFormula(): NetworkFormula {
    const { input, output, activation } = this
    return { input, output, activation }
  }

  /**
   * @param x [B, T, D]
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor): tf.Tensor {
    return this.output.forward(activations[this.activation](this.input.forward(x)))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { mlp } = await import('../pytorch/layers.ts')
    return mlp(this, source)
  }
}
