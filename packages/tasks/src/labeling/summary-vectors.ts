import { HeddleError, periodicYield } from '@heddle/core'
import { type Module, setTraining } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { Abortable } from '../task/pipeline.ts'
import type { LabelingModel } from './label-objective.ts'
import type { LabeledBatch } from './labeled-batch.ts'

// B batch, M size of a vector

/** Number of examples that are read at once. */
const BATCH = 128

/**
 * The vector from which a classifier scores the labels of each example: `features` [B, M] among what its `forward` returns.
 *
 * @throws HeddleError `usage` for a model that does not return them
 */
export async function summaryVectors<X>(
  model: LabelingModel,
  collate: (examples: readonly X[]) => LabeledBatch,
  examples: readonly X[],
  { signal }: Abortable = {},
): Promise<Float32Array[]> {
  setTraining(model, false)
  const vectors: Float32Array[] = []
  const yieldNow = periodicYield(signal)
  for (let at = 0; at < examples.length; at += BATCH) {
    await yieldNow()
    const { inputs, labels } = collate(examples.slice(at, at + BATCH))
    let features: tf.Tensor | undefined
    try {
      features = tf.tidy(() => featuresOf(model, inputs))
      const M = features.shape[1]!
      const values = (await features.data()) as Float32Array
      for (let b = 0; b < features.shape[0]!; b++) vectors.push(values.slice(b * M, (b + 1) * M))
    } finally {
      tf.dispose([labels, ...inputs, ...(features === undefined ? [] : [features])])
    }
  }
  return vectors
}

/** @returns [B, M] */
function featuresOf(model: Module & LabelingModel, inputs: readonly tf.Tensor[]): tf.Tensor {
  const { features } = model.forward(...inputs) as { features?: tf.Tensor }
  if (features?.rank === 2) return features
  throw new HeddleError(
    'usage',
    `${model.constructor.name}: expected a model that returns the features of each example, [B, M], got none. Use a classifier.`,
  )
}
