import type { Module } from '@heddle/layers'
import type { Objective, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { FEATURES, type ScaledWindow } from './scale.ts'

// B batch, T time, F features of a step, N steps to forecast

export interface ForecastBatch {
  /** [B, T, F] */
  readonly x: tf.Tensor
  /** [B, N] */
  readonly targets: tf.Tensor
}

/** A model that maps windows [B, T, F] to forecasts [B, N]. */
export interface ForecastingModel extends Module {
  forward(x: tf.Tensor): tf.Tensor
}

/** Learns the median of the next steps: the mean absolute error over all steps of the forecast. */
export class ForecastObjective implements Objective<ScaledWindow, ForecastBatch> {
  readonly #model: ForecastingModel

  constructor(model: ForecastingModel) {
    this.#model = model
  }

  collate(windows: readonly ScaledWindow[]): ForecastBatch {
    const [B, T, N] = [windows.length, windows[0]!.features.length / FEATURES, windows[0]!.target.length]
    const x = new Float32Array(B * T * FEATURES)
    const targets = new Float32Array(B * N)
    windows.forEach(({ features, target }, b) => {
      x.set(features, b * T * FEATURES)
      targets.set(target, b * N)
    })
    return { x: tf.tensor3d(x, [B, T, FEATURES]), targets: tf.tensor2d(targets, [B, N]) }
  }

  get pyTorch(): string {
    return `
def loss(model, batch, step, state):
    """Mean absolute error over all steps of the forecast."""
    return (model(batch["x"]) - batch["targets"]).abs().mean(), None
`.slice(1)
  }

  loss({ x, targets }: ForecastBatch): ObjectiveLoss {
    const error = tf.abs(tf.sub(this.#model.forward(x), targets)) // [B, N]
    return { loss: tf.mean(error) as tf.Scalar, weight: error.size }
  }
}
