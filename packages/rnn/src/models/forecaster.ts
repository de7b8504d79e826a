import { parseConfig } from '@heddle/core'
import {
  type BuildContext,
  Dropout,
  dropoutRate,
  featureCount,
  Linear,
  layerCount,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, F features of a step, H hidden size, N steps to forecast

export const forecasterConfig = z.strictObject({
  featureSize: z.int().min(1).describe('numbers in each step of the series'),
  horizon: z.int().min(1).describe('number of steps to forecast'),
  hiddenSize: featureCount.default(64).describe('size of the hidden state'),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('gru'),
  dropout: dropoutRate('between layers, before the output'),
})
export type ForecasterConfig = z.input<typeof forecasterConfig>

/**
 * Many to one with numbers as output: reads a window of a series, then gives all steps of the forecast at once.
 *
 * @see Ben Taieb et al. 2012, "A review and comparison of strategies for multi-step ahead time series forecasting", for the direct
 * multi-output strategy
 */
export class RecurrentForecaster extends Module {
  readonly recurrent: Recurrent
  readonly dropout: Dropout
  readonly output: Linear // [H, N]

  constructor(config: ForecasterConfig, context: BuildContext) {
    super()
    const { featureSize, horizon, hiddenSize, numLayers, cell, dropout } = parseConfig(
      'RecurrentForecaster',
      forecasterConfig,
      config,
    )
    this.recurrent = recurrentStack({ inputSize: featureSize, hiddenSize, numLayers, cell, dropout }, context)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    this.output = new Linear({ inputSize: hiddenSize, outputSize: horizon }, context.rng)
  }

  /**
   * @param x [B, T, F]
   * @returns [B, N]
   */
  override forward(x: tf.Tensor): tf.Tensor {
    const { outputs, state } = this.recurrent.forward(x)
    observe(this, 'hidden', outputs)
    return this.output.forward(this.dropout.forward(state.at(-1)![0]!))
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentForecaster } = await import('../pytorch/models.ts')
    return recurrentForecaster(this, source)
  }
}
