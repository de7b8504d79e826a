import { crossEntropy, type Module } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { IGNORED, type LabeledBatch } from './labeled-batch.ts'

// B batch, T time, C labels

/** A model that scores labels, for a sequence or for each of its steps. */
export interface LabelingModel extends Module {
  /** @returns logits [B, C] or [B, T, C] */
  forward(...inputs: tf.Tensor[]): { logits: tf.Tensor }
}

/**
 * Learns p(label | sequence): the cross-entropy of the right label of each sequence, or of each step. Labels that training did not
 * meet have no loss, and count as errors in the accuracy.
 */
export class LabelObjective<X> implements Objective<X, LabeledBatch> {
  readonly collate: (examples: readonly X[]) => LabeledBatch
  readonly #model: LabelingModel
  readonly #labelSmoothing: number

  constructor(model: LabelingModel, collate: (examples: readonly X[]) => LabeledBatch, labelSmoothing: number) {
    this.#model = model
    this.collate = collate
    this.#labelSmoothing = labelSmoothing
  }

  loss({ inputs, labels, numLabels, numKnown }: LabeledBatch, { training }: ObjectiveContext): ObjectiveLoss {
    const { logits } = this.#model.forward(...inputs)
    if (training) {
      const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED, labelSmoothing: this.#labelSmoothing })
      return { loss, weight: numKnown }
    }
    const right = tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels) // padding and unknown labels are never right
    const accuracy = tf.div(tf.sum(tf.cast(right, 'float32')), numLabels) as tf.Scalar
    const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED })
    return { loss, metrics: { accuracy }, weight: numKnown, metricWeights: { accuracy: numLabels } }
  }
}
