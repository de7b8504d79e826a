import { periodicYield } from '@heddle/core'
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

/** Chooses the label of each step from the probabilities of all, each [C]. */
export type DecodeLabels = (probabilities: readonly Float32Array[]) => readonly number[]

/** Predicts the labels of each example, in the order of the examples. */
export async function predictLabels<X>(
  model: LabelingModel,
  reader: { collate(examples: readonly X[]): LabeledBatch; length(example: X): number },
  examples: readonly X[],
  {
    onProgress,
    signal,
    decode = (rows) => rows.map(mostProbable),
  }: EvaluateOptions & { readonly decode?: DecodeLabels | undefined } = {},
): Promise<LabelIds[]> {
  setTraining(model, false)
  const predictions = new Array<LabelIds>(examples.length)
  for (const index of examples.keys()) predictions[index] = { labels: [], probabilities: [] }
  // A sentence without words has no labels.
  const order = [...examples.keys()].filter((index) => reader.length(examples[index]!) > 0)
  order.sort((a, b) => reader.length(examples[a]!) - reader.length(examples[b]!))
  const yieldNow = periodicYield(signal)
  for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
    await yieldNow()
    const indices = order.slice(at, at + PREDICTION_BATCH)
    const batch = reader.collate(indices.map((index) => examples[index]!))
    const { values, shape } = await probabilitiesOf(model, batch)
    const isPerStep = shape.length === 3
    const [T, C] = [isPerStep ? shape[1]! : 1, shape.at(-1)!]
    for (const [b, index] of indices.entries()) {
      const rows = Array.from({ length: isPerStep ? reader.length(examples[index]!) : 1 }, (_, t) =>
        values.slice((b * T + t) * C, (b * T + t + 1) * C),
      )
      predictions[index] = { labels: decode(rows), probabilities: rows }
    }
    onProgress?.(at + indices.length, order.length)
  }
  return predictions
}

/** Probabilities of the labels [B, C] or [B, T, C]; frees the batch. */
async function probabilitiesOf(
  model: LabelingModel,
  { inputs, labels }: LabeledBatch,
): Promise<{ values: Float32Array; shape: readonly number[] }> {
  try {
    const probabilities = tf.tidy(() => tf.softmax(model.forward(...inputs).logits))
    const { shape } = probabilities
    const values = (await probabilities.data()) as Float32Array
    probabilities.dispose()
    return { values, shape }
  } finally {
    tf.dispose([labels, ...inputs])
  }
}

function mostProbable(probabilities: Float32Array): number {
  let best = 0
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i
  return best
}
