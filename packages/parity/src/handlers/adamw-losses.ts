import { type Module, valueAndGradients } from '@heddle/layers'
import { AdamW } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Comparison } from '../comparison.ts'
import { type GoldenCase, setting } from '../golden-case.ts'

/** Losses of the case's steps of AdamW on one batch. */
export function adamWLosses(golden: GoldenCase, model: Module, loss: () => tf.Scalar): Comparison {
  const expected = setting<number[]>(golden, 'adamw_losses')
  const optimizer = new AdamW(model, { weightDecay: 0.01, decays: 'all' })
  const actual = expected.map(() =>
    tf.tidy(() => {
      const { value, gradients } = valueAndGradients(model, loss)
      optimizer.step(gradients, 1e-3)
      return value.dataSync()[0]!
    }),
  )
  optimizer.dispose()
  const shape = [expected.length]
  return { name: 'adamw_losses', kind: 'value', shape, expectedShape: shape, actual, expected }
}
