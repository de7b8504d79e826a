import { parseConfig } from '@heddle/core'
import {
  asPart,
  type BuildContext,
  type Encoder,
  encoderPoint,
  Linear,
  Module,
  type PyTorchModule,
  type PyTorchSource,
  partOf,
  vectorInput,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'

// B batch, T rows of pixels, W pixels in a row, D size of a step

export const patchFillerConfig = z.strictObject({
  input: vectorInput.describe('size of a row of pixels { featureSize }'),
  encoder: partOf(encoderPoint).describe("the network that reads the rows, by name ('recurrent') or as { type, … }"),
})
export type PatchFillerConfig = z.input<typeof patchFillerConfig>

/**
 * Any encoder with a linear map from each row's output to the pixels of the row: pixels = output(encoder(x).outputs).
 *
 * The encoder's parameters lie below `encoder.`, so that it can be moved to another task.
 */
export class PatchFiller extends Module {
  readonly encoder: Encoder
  readonly output: Linear // [D, W]

  constructor(config: PatchFillerConfig, context: BuildContext) {
    super()
    const { input, encoder } = parseConfig('PatchFiller', patchFillerConfig, config)
    this.encoder = context.registry.create(encoderPoint, asPart(encoder), { ...context, input })
    this.output = new Linear({ inputSize: this.encoder.outputSize, outputSize: input.featureSize }, context.rng)
  }

  /**
   * @param x rows of a picture with hidden patches, [B, T, W]
   * @returns the whole picture, [B, T, W]
   */
  override forward(x: tf.Tensor): tf.Tensor {
    return this.output.forward(this.encoder.forward(x).outputs)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { patchFiller } = await import('../pytorch/pictures.ts')
    return patchFiller(this, source)
  }
}
