import type { Module } from '@heddle/layers'
import { valueAndGradients } from '@heddle/layers'
import { AdamW, clipFactor, globalNorm } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Workload } from '../../measure.ts'

/** Makes a workload of one training step a run: forward, backward, clipping of the norm at 1, AdamW; the loss is read back. */
export function trainingStep(model: Module, tokens: number, loss: () => tf.Scalar): Workload {
  const optimizer = new AdamW(model, { weightDecay: 0 })
  return {
    tokens,
    async run() {
      const { value, gradients } = valueAndGradients(model, loss)
      const norm = tf.tidy(() => globalNorm(gradients))
      const [, gradientNorm] = await Promise.all([value.data(), norm.data()])
      optimizer.step(gradients, 1e-3, { gradientScale: clipFactor(gradientNorm[0]!, 1) })
      tf.dispose([value, norm, ...gradients.values()])
    },
    dispose: () => optimizer.dispose(),
  }
}

/** Random token ids, int32. */
export const randomIds = (vocabulary: number, shape: number[]): tf.Tensor =>
  tf.tidy(() => tf.cast(tf.randomUniform(shape, 0, vocabulary, 'int32'), 'int32'))
