import { parseConfig } from '@heddle/core'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { type Encoder, type EncoderOutput, encoderOptions, encoderPoint } from '../encoders/encoder.ts'
import { Module } from '../module.ts'
import { asPart } from '../part-spec.ts'
import type { BuildContext } from '../points.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'
import { encoderClassifierConfig } from './encoder-classifier.ts'

export const encoderModelConfig = z.strictObject(encoderClassifierConfig.pick({ input: true, encoder: true }).shape)
export type EncoderModelConfig = z.input<typeof encoderModelConfig>

/** Any encoder without a head: its vectors are the result, as for sentence embeddings. */
export class EncoderModel extends Module {
  readonly encoder: Encoder

  constructor(config: EncoderModelConfig, context: BuildContext) {
    super()
    const { input, encoder } = parseConfig('EncoderModel', encoderModelConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
  }

  /**
   * @param inputs tokens [B, T] of int32, vectors [B, T, F] or pictures [B, height, width, channels]
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @param segments segment of each token, [B, T], int32
   */
  override forward(inputs: tf.Tensor, lengths?: tf.Tensor, segments?: tf.Tensor): EncoderOutput {
    return this.encoder.forward(inputs, encoderOptions(lengths, segments))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { encoderModel } = await import('../pytorch/encoders.ts')
    return encoderModel(this, source)
  }
}
