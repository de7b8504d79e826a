import { HeddleError } from '@heddle/core'
import { type Encoder, type EncoderOutput, Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, F features

/** Encoder without weights: a single vector is a sequence of one step and its own summary. */
export class VectorEncoder extends Module implements Encoder {
  readonly outputSize: number
  readonly summarySize: number

  constructor(featureSize: number) {
    super()
    this.outputSize = featureSize
    this.summarySize = featureSize
  }

  /** @param features [B, F] */
  override forward(features: tf.Tensor): EncoderOutput {
    if (features.rank !== 2 || features.shape[1] !== this.outputSize) {
      throw new HeddleError('shape', `VectorEncoder: expected [B, ${this.outputSize}], got [${features.shape}].`)
    }
    return { outputs: tf.expandDims(features, 1), summary: features }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { vectorEncoder } = await import('../pytorch/encoders.ts')
    return vectorEncoder(this, source)
  }
}
