import { setTraining } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { EvaluateOptions } from '../task/pipeline.ts'
import type { LabelingModel } from './label-objective.ts'
import type { LabeledBatch } from './labeled-batch.ts'

// B batch, T time, C labels

/** Number of sequences classified at once. */
export const PREDICTION_BATCH = 256

/** Label ids of a sequence: one entry, or one for each step. */
export interface LabelIds {
  readonly labels: readonly number[]
  /** Probability of every label, each [C]. */
  readonly probabilities: readonly Float32Array[]
}

/** Predicts the labels of each example, in the order of the examples. */
export async function predictLabels<X>(
  model: LabelingModel,
  reader: { collate(examples: readonly X[]): LabeledBatch; length(example: X): number },
  examples: readonly X[],
  { onProgress, signal }: EvaluateOptions = {},
): Promise<LabelIds[]> {
  setTraining(model, false)
  const predictions = new Array<LabelIds>(examples.length)
  const order = [...examples.keys()].sort((a, b) => reader.length(examples[a]!) - reader.length(examples[b]!))
  for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
    signal?.throwIfAborted()
    const indices = order.slice(at, at + PREDICTION_BATCH)
    const batch = reader.collate(indices.map((index) => examples[index]!))
    const probabilities = tf.tidy(() => tf.softmax(model.forward(...batch.inputs).logits)) // [B, C] or [B, T, C]
    const isPerStep = probabilities.rank === 3
    const [T, C] = [isPerStep ? probabilities.shape[1]! : 1, probabilities.shape.at(-1)!]
    const values = (await probabilities.data()) as Float32Array
    for (const [b, index] of indices.entries()) {
      const rows = Array.from({ length: isPerStep ? reader.length(examples[index]!) : 1 }, (_, t) =>
        values.slice((b * T + t) * C, (b * T + t + 1) * C),
      )
      predictions[index] = { labels: rows.map(mostProbable), probabilities: rows }
    }
    tf.dispose([probabilities, batch.labels, ...batch.inputs])
    onProgress?.(at + indices.length, order.length)
  }
  return predictions
}

function mostProbable(probabilities: Float32Array): number {
  let best = 0
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i
  return best
}
