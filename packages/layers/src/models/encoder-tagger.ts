import { parseConfig } from '@heddle/core'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { ConditionalRandomField, labelScoring } from '../crf/conditional-random-field.ts'
import { Dropout } from '../dropout.ts'
import { type Encoder, encoderOptions, encoderPoint } from '../encoders/encoder.ts'
import { encoderInput } from '../encoders/encoder-input.ts'
import { Linear } from '../linear.ts'
import { Module } from '../module.ts'
import { observe } from '../observe.ts'
import { asPart, partOf } from '../part-spec.ts'
import type { BuildContext } from '../points.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'

// B batch, T steps, D size of a step's vector, C labels

export const encoderTaggerConfig = z.strictObject({
  input: encoderInput,
  numLabels: z.int().min(1).describe('number of different labels'),
  encoder: partOf(encoderPoint).describe("the network that reads the input, by name ('recurrent') or as { type, … }"),
  dropout: z.number().min(0).max(1).default(0).describe("share of each step's vector that training sets to zero"),
  scoring: labelScoring,
})
export type EncoderTaggerConfig = z.input<typeof encoderTaggerConfig>

/**
 * Any encoder with a linear head over each of its steps: logits_t = output(outputs_t).
 *
 * The encoder's parameters lie below `encoder.`, so that a pre-trained one can be loaded and frozen by path.
 */
export class EncoderTagger extends Module {
  readonly encoder: Encoder
  readonly output: Linear // [D, C]
  readonly dropout: Dropout
  /** Capability: scores the labels of a sequence together. */
  readonly crf?: ConditionalRandomField

  constructor(config: EncoderTaggerConfig, context: BuildContext) {
    super()
    const { input, numLabels, encoder, dropout, scoring } = parseConfig('EncoderTagger', encoderTaggerConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.output = new Linear({ inputSize: this.encoder.outputSize, outputSize: numLabels }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    if (scoring === 'crf') this.crf = new ConditionalRandomField({ numLabels }, context.rng)
  }

  /**
   * @param inputs tokens [B, T] of int32, vectors [B, T, F] or pictures [B, height, width, channels]
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   * @returns logits [B, T, C]; those past a length have no meaning
   */
  override forward(inputs: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): { logits: tf.Tensor } {
    const { outputs } = this.encoder.forward(inputs, encoderOptions(lengths, segments))
    observe(this, 'hidden', outputs)
    return { logits: this.output.forward(this.dropout.forward(outputs)) }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { encoderTagger } = await import('../pytorch/encoders.ts')
    return encoderTagger(this, source)
  }
}
