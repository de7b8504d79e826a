import { HeddleError, parseConfig } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Module } from '../module.ts'
import { observe } from '../observe.ts'
import { asPart, partOf } from '../part-spec.ts'
import type { PyTorchModule, PyTorchSource } from '../pytorch/pytorch-module.ts'
import { ConvolutionalEncoder, convolutionalEncoderConfig } from './convolutional-encoder.ts'
import { type Encoder, type EncoderContext, type EncoderOptions, type EncoderOutput, encoderPoint } from './encoder.ts'

// B batch, T frames, H height, W width, C channels, M features of a frame

export const frameEncoderConfig = z.strictObject({
  frame: convolutionalEncoderConfig.prefault({}).describe('convolutional network that reads each frame'),
  encoder: partOf(encoderPoint).describe(
    "network that reads the features of the frames: 'recurrent', 'transformer', or { type, … } with settings",
  ),
})
export type FrameEncoderConfig = z.input<typeof frameEncoderConfig>

/**
 * Reads a clip: the same convolutional network makes features of each frame, and another encoder reads these in their order.
 *
 *     features = convolutional(frame).summary    [B, T, M]
 *     outputs, summary = encoder(features)       [B, T, D], [B, …]
 *
 * @see Donahue et al. 2015, "Long-term recurrent convolutional networks for visual recognition and description"
 */
export class FrameEncoder extends Module implements Encoder {
  readonly frame: ConvolutionalEncoder
  readonly encoder: Encoder
  readonly outputSize: number
  readonly summarySize: number
  readonly stateSizes?: readonly (readonly number[])[]
  readonly #shape: readonly [H: number, W: number, C: number]

  constructor(config: FrameEncoderConfig, context: EncoderContext) {
    super()
    const { frame, encoder } = parseConfig('FrameEncoder', frameEncoderConfig, config)
    const { input } = context
    if (!('featureSize' in input) || input.frame === undefined) {
      throw new HeddleError(
        'config',
        `FrameEncoder: expected vectors that are pictures, { featureSize, frame }, as input, got { ${Object.keys(input).join(', ')} }. Use an encoder for these.`,
      )
    }
    const { height, width, channels = 3 } = input.frame
    if (height * width * channels !== input.featureSize) {
      throw new HeddleError(
        'config',
        `FrameEncoder: expected frames of ${input.featureSize} numbers, got ${height}x${width}x${channels}. Correct one of them.`,
      )
    }
    this.#shape = [height, width, channels]
    this.frame = new ConvolutionalEncoder(frame, { ...context, input: input.frame })
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), {
      ...context,
      input: { featureSize: this.frame.summarySize },
    })
    this.outputSize = this.encoder.outputSize
    this.summarySize = this.encoder.summarySize
    if (this.encoder.stateSizes !== undefined) this.stateSizes = this.encoder.stateSizes
  }

  /** @param frames [B, T, H·W·C], each frame row by row, with a mean near 0 and a variance near 1 */
  override forward(frames: tf.Tensor, options: EncoderOptions = {}): EncoderOutput {
    const [H, W, C] = this.#shape
    if (frames.rank !== 3 || frames.shape[2] !== H * W * C) {
      throw new HeddleError('shape', `FrameEncoder: expected frames [B, T, ${H * W * C}], got [${frames.shape}].`)
    }
    const [B, T] = frames.shape as [number, number, number]
    const { summary } = this.frame.forward(tf.reshape(frames, [B * T, H, W, C]))
    const features = tf.reshape(summary, [B, T, this.frame.summarySize]) // [B, T, M]
    observe(this, 'features', features)
    return this.encoder.forward(features, options)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { frameEncoder } = await import('../pytorch/encoders.ts')
    return frameEncoder(this, source, this.#shape)
  }
}
