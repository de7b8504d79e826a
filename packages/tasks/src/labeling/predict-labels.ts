import { periodicYield } from '@heddle/core'
import { addPathScores, type PathScores, setTraining, viterbi } from '@heddle/layers'
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

export interface PredictOptions extends EvaluateOptions {
  /** Rules for labels that follow each other: 0 or -Infinity (default: every sequence is valid). */
  readonly rules?: PathScores | undefined
}

/**
 * Predicts the labels of each example, in the order of the examples: the most probable label of each step, or the most probable
 * sequence where the model or rules score labels together. Probabilities are those of single steps in each case.
 */
export async function predictLabels<X>(
  model: LabelingModel,
  reader: { collate(examples: readonly X[]): LabeledBatch; length(example: X): number },
  examples: readonly X[],
  { onProgress, signal, rules }: PredictOptions = {},
): Promise<LabelIds[]> {
  setTraining(model, false)
  const predictions = new Array<LabelIds>(examples.length)
  for (const index of examples.keys()) predictions[index] = { labels: [], probabilities: [] }
  // A sentence without words has no labels.
  const order = [...examples.keys()].filter((index) => reader.length(examples[index]!) > 0)
  order.sort((a, b) => reader.length(examples[a]!) - reader.length(examples[b]!))
  const yieldNow = periodicYield(signal)
  const learned = model.crf?.pathScores
  const paths = learned && rules ? addPathScores(learned, rules) : (learned ?? rules)
  for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
    await yieldNow()
    const indices = order.slice(at, at + PREDICTION_BATCH)
    const batch = reader.collate(indices.map((index) => examples[index]!))
    const { logits, probabilities, shape } = await labelScores(model, batch)
    const isPerStep = shape.length === 3
    const [T, C] = [isPerStep ? shape[1]! : 1, shape.at(-1)!]
    for (const [b, index] of indices.entries()) {
      const length = isPerStep ? reader.length(examples[index]!) : 1
      const rowsOf = (values: Float32Array) =>
        Array.from({ length }, (_, t) => values.slice((b * T + t) * C, (b * T + t + 1) * C))
      const rows = rowsOf(probabilities)
      const scores = () => (logits === undefined ? rows.map(logarithms) : rowsOf(logits))
      const labels = paths === undefined ? rows.map(mostProbable) : viterbi(scores(), paths)
      predictions[index] = { labels, probabilities: rows }
    }
    onProgress?.(at + indices.length, order.length)
  }
  return predictions
}

/** Probabilities of the labels, [B, C] or [B, T, C], and with a CRF the logits of the same shape; frees the batch. */
async function labelScores(
  model: LabelingModel,
  { inputs, labels, lengths }: LabeledBatch,
): Promise<{ logits?: Float32Array; probabilities: Float32Array; shape: readonly number[] }> {
  try {
    const { crf } = model
    const [probabilities, logits] = tf.tidy(() => {
      const { logits } = model.forward(...inputs)
      return crf === undefined ? [tf.softmax(logits)] : [crf.marginals(logits, tf.tensor1d(lengths, 'int32')), logits]
    }) as [tf.Tensor, tf.Tensor?]
    const { shape } = probabilities
    const values = (await probabilities.data()) as Float32Array
    const ofLogits = logits && ((await logits.data()) as Float32Array)
    tf.dispose([probabilities, ...(logits ? [logits] : [])])
    return { probabilities: values, shape, ...(ofLogits && { logits: ofLogits }) }
  } finally {
    tf.dispose([labels, ...inputs])
  }
}

/** Smallest probability that counts, so that a label of none does not make all sequences equal. */
const LEAST = 1e-30

/** Probabilities as scores that add up along a sequence. */
export const logarithms = (probabilities: Float32Array): Float32Array =>
  probabilities.map((p) => Math.log(Math.max(p, LEAST)))

function mostProbable(probabilities: Float32Array): number {
  let best = 0
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i
  return best
}
