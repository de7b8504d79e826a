import { parseConfig } from '@heddle/core'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Dropout } from '../dropout.ts'
import { type Encoder, encoderPoint } from '../encoders/encoder.ts'
import { encoderInput } from '../encoders/encoder-input.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { observe } from '../observe.ts'
import { asPart, partOf } from '../part-spec.ts'
import type { BuildContext } from '../points.ts'

// B batch, T steps, M size of the summary, C labels

export const encoderClassifierConfig = z.strictObject({
  input: encoderInput,
  numLabels: z.int().min(1).describe('number of different labels'),
  encoder: partOf(encoderPoint).describe("the network that reads the input, by name ('recurrent') or as { type, … }"),
  dropout: z.number().min(0).max(1).default(0).describe('share of the summary that training sets to zero'),
})
export type EncoderClassifierConfig = z.input<typeof encoderClassifierConfig>

/**
 * Any encoder with a linear head over its summary: logits = output(summary).
 *
 * The encoder's parameters lie below `encoder.`, so that a pre-trained one can be loaded and frozen by path.
 */
export class EncoderClassifier extends Module {
  readonly encoder: Encoder
  readonly output: Linear // [M, C]
  readonly dropout: Dropout

  constructor(config: EncoderClassifierConfig, context: BuildContext) {
    super()
    const { input, numLabels, encoder, dropout } = parseConfig('EncoderClassifier', encoderClassifierConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.output = new Linear({ inputSize: this.encoder.summarySize, outputSize: numLabels }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
  }

  /**
   * @param inputs tokens [B, T] of int32, vectors [B, T, F] or pictures [B, height, width, channels]
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @returns logits [B, C], and the vector [B, M] from which they are computed
   */
  override forward(inputs: tf.Tensor, lengths?: tf.Tensor): { logits: tf.Tensor; features: tf.Tensor } {
    const { summary: features } = this.encoder.forward(inputs, lengths && { lengths })
    observe(this, 'features', features)
    return { logits: this.output.forward(this.dropout.forward(features)), features }
  }
}
