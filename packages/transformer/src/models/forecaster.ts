import { parseConfig } from '@heddle/core'
import {
  type BuildContext,
  Dropout,
  Linear,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { transformerFields } from '../layers/layer-config.ts'
import { TransformerEncoder } from '../transformer-encoder.ts'

// B batch, T time, F features of a step, D hidden size, N steps to forecast

export const transformerForecasterConfig = z.strictObject({
  featureSize: z.int().min(1).describe('numbers in each step of the series'),
  horizon: z.int().min(1).describe('number of steps to forecast'),
  ...transformerFields,
  hiddenSize: transformerFields.hiddenSize.unwrap().default(64).describe(transformerFields.hiddenSize.description!),
})
export type TransformerForecasterConfig = z.input<typeof transformerForecasterConfig>

/**
 * Reads a window of a series, then gives all steps of the forecast at once: forecast = output(outputs of the last step).
 *
 * @see Wu et al. 2020, "Deep Transformer models for time series forecasting"
 */
export class TransformerForecaster extends Module {
  readonly encoder: TransformerEncoder
  readonly dropout: Dropout
  readonly output: Linear // [D, N]

  constructor(config: TransformerForecasterConfig, context: BuildContext) {
    super()
    const { featureSize, horizon, ...settings } = parseConfig(
      'TransformerForecaster',
      transformerForecasterConfig,
      config,
    )
    this.encoder = new TransformerEncoder(settings, { ...context, input: { featureSize } })
    this.dropout = new Dropout({ rate: settings.dropout }, context.rng)
    this.output = new Linear({ inputSize: settings.hiddenSize, outputSize: horizon }, context.rng)
  }

  /**
   * @param x [B, T, F]
   * @returns [B, N]
   */
  override forward(x: tf.Tensor): tf.Tensor {
    const [B, T] = x.shape as [number, number]
    const { outputs } = this.encoder.forward(x)
    observe(this, 'hidden', outputs)
    const last = tf.reshape(tf.slice(outputs, [0, T - 1, 0], [B, 1, -1]), [B, -1]) // [B, D]
    return this.output.forward(this.dropout.forward(last))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { transformerForecaster } = await import('../pytorch/models.ts')
    return transformerForecaster(this, source)
  }
}
