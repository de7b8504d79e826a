import { parseConfig } from '@heddle/core'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type ActivationName, activationName, activations } from '../activations.ts'
import { Dropout } from '../dropout.ts'
import { type Encoder, encoderOptions, encoderPoint } from '../encoders/encoder.ts'
import { encoderInput } from '../encoders/encoder-input.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { observe } from '../observe.ts'
import { asPart, partOf } from '../part-spec.ts'
import type { BuildContext } from '../points.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'

// B batch, T steps, M size of the summary, C labels

export const encoderClassifierConfig = z.strictObject({
  input: encoderInput,
  numLabels: z.int().min(1).describe('number of different labels'),
  encoder: partOf(encoderPoint).describe("the network that reads the input, by name ('recurrent') or as { type, … }"),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the inputs of the output layer that training sets to zero'),
  hidden: z
    .strictObject({
      activation: activationName.default('tanh').describe('function of the further layer'),
      dropout: z.number().min(0).max(1).default(0).describe('share of the summary that training sets to zero'),
    })
    .optional()
    .describe('a further layer between summary and output, as wide as the summary (default: none)'),
})
export type EncoderClassifierConfig = z.input<typeof encoderClassifierConfig>

/**
 * Any encoder with a linear head over its summary: logits = output(summary), or output(activation(hidden(summary))) with a hidden
 * layer, as in RoBERTa, DistilBERT and ELECTRA.
 *
 * The encoder's parameters lie below `encoder.`, so that a pre-trained one can be loaded and frozen by path.
 */
export class EncoderClassifier extends Module {
  readonly encoder: Encoder
  readonly hidden?: Linear // [M, M]
  readonly output: Linear // [M, C]
  readonly dropout: Dropout
  readonly hiddenDropout?: Dropout
  readonly activation: ActivationName

  constructor(config: EncoderClassifierConfig, context: BuildContext) {
    super()
    const parsed = parseConfig('EncoderClassifier', encoderClassifierConfig, config)
    const { input, numLabels, encoder, dropout, hidden } = parsed
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    const M = this.encoder.summarySize
    if (hidden !== undefined) {
      this.hidden = new Linear({ inputSize: M, outputSize: M }, context.rng)
      this.hiddenDropout = new Dropout({ rate: hidden.dropout }, context.rng)
    }
    this.activation = hidden?.activation ?? 'identity'
    this.output = new Linear({ inputSize: M, outputSize: numLabels }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
  }

  /**
   * @param inputs tokens [B, T] of int32, vectors [B, T, F] or pictures [B, height, width, channels]
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   * @returns logits [B, C], and the summary [B, M] from which they are computed
   */
  override forward(
    inputs: tf.Tensor,
    lengths?: tf.Tensor,
    segments?: tf.Tensor,
  ): { logits: tf.Tensor; features: tf.Tensor } {
    const { summary: features } = this.encoder.forward(inputs, encoderOptions(lengths, segments))
    observe(this, 'features', features)
    return { logits: this.output.forward(this.dropout.forward(this.#hidden(features))), features }
  }

  #hidden(features: tf.Tensor): tf.Tensor {
    if (this.hidden === undefined || this.hiddenDropout === undefined) return features
    return activations[this.activation](this.hidden.forward(this.hiddenDropout.forward(features)))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { encoderClassifier } = await import('../pytorch/encoders.ts')
    return encoderClassifier(this, source)
  }
}
