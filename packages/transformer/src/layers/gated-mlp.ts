import { parseConfig, type RandomStream } from '@heddle/core'
import {
  type ActivationName,
  activationName,
  activations,
  Linear,
  linears,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type FeedForward, type FeedForwardInitial, mlpConfig, type NetworkFormula } from './feed-forward.ts'

// B batch, T time, D hidden size, F size of the inner layer

export const gatedMlpConfig = mlpConfig.extend({
  innerSize: z
    .int()
    .min(1)
    .optional()
    .describe('size of the inner layer (default: 8/3·hiddenSize, which has as many weights as an MLP of 4·hiddenSize)'),
  activation: activationName.default('silu').describe('function of the gate: silu for SwiGLU, gelu for GeGLU'),
  bias: z.boolean().default(false).describe('whether the linear maps add a trained vector'),
})
export type GatedMLPConfig = z.input<typeof gatedMlpConfig>

/**
 * Feed-forward network with a gate: y = output(activation(gate(x)) · input(x)).
 *
 * @see Shazeer 2020, "GLU variants improve Transformer"
 */
export class GatedMLP extends Module implements FeedForward {
  readonly gate: Linear // [D, F]
  readonly input: Linear // [D, F]
  readonly output: Linear // [F, D]
  readonly activation: ActivationName

  constructor(config: GatedMLPConfig, rng: RandomStream, initial: FeedForwardInitial = {}) {
    super()
    const parsed = parseConfig('GatedMLP', gatedMlpConfig, config)
    const { hiddenSize, innerSize = Math.ceil((8 * hiddenSize) / 3), activation, bias } = parsed
    this.gate = new Linear({ inputSize: hiddenSize, outputSize: innerSize, bias }, rng, initial.input)
    this.input = new Linear({ inputSize: hiddenSize, outputSize: innerSize, bias }, rng, initial.input)
    this.output = new Linear({ inputSize: innerSize, outputSize: hiddenSize, bias }, rng, initial.output)
    this.activation = activation
  }

  get networkFormula(): NetworkFormula {
    const { gate, input, output, activation } = this
    return { gate, input, output, activation }
  }

  /**
   * @param x [B, T, D]
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor): tf.Tensor {
    const [gate, input] = linears(x, [this.gate, this.input]) // [B, T, F]
    return this.output.forward(tf.mul(activations[this.activation](gate), input))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { gatedMlp } = await import('../pytorch/layers.ts')
    return gatedMlp(this, source)
  }
}
