import { crossEntropy, type Module } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { IGNORED, type LabeledBatch } from './labeled-batch.ts'

// B batch, T time, C labels

/** A model that scores labels, for a sequence or for each of its steps. */
export interface LabelingModel extends Module {
  /** Capability: the logits in Python, as an expression of the run's `model` and a list of `inputs` (default `model(*inputs)`). */
  readonly pyTorchLogits?: string
  /** @returns logits [B, C] or [B, T, C] */
  forward(...inputs: tf.Tensor[]): { logits: tf.Tensor }
}

interface WeightedBatch extends LabeledBatch {
  /** Sum of the weights of the labels, where labels have weights. */
  readonly labelWeight?: number
}

/**
 * Learns p(label | sequence): the cross-entropy of the right label of each sequence, or of each step. Labels that training did not
 * meet have no loss, and count as errors in the accuracy.
 */
export class LabelObjective<X extends { readonly labels: readonly number[] }> implements Objective<X, WeightedBatch> {
  readonly #collate: (examples: readonly X[]) => LabeledBatch
  readonly #model: LabelingModel
  readonly #labelSmoothing: number
  #classWeights: Float32Array | undefined

  constructor(model: LabelingModel, collate: (examples: readonly X[]) => LabeledBatch, labelSmoothing: number) {
    this.#model = model
    this.#collate = collate
    this.#labelSmoothing = labelSmoothing
  }

  /** Sets the weights of the labels in the training loss, [C]; undefined makes them alike. */
  weightClasses(weights: Float32Array | undefined): void {
    this.#classWeights = weights
  }

  collate(examples: readonly X[]): WeightedBatch {
    const batch = this.#collate(examples)
    const weights = this.#classWeights
    if (weights === undefined) return batch
    const ids = examples.flatMap(({ labels }) => labels)
    return { ...batch, labelWeight: ids.reduce((sum, id) => sum + (id === IGNORED ? 0 : weights[id]!), 0) }
  }

  get pyTorch(): string {
    const weights =
      this.#classWeights === undefined
        ? ''
        : `, weight=labels.new_tensor([${[...this.#classWeights]}], dtype=logits.dtype)`
    return `
def loss(model, batch, step, state):
    """Cross-entropy of the right label of each sequence, or of each step; -100 does not count."""
    inputs = [batch[name] for name in sorted(batch) if name.startswith("inputs.")]
    logits = ${this.#model.pyTorchLogits ?? 'model(*inputs)'}
    logits, labels = logits.flatten(0, -2), batch["labels"].flatten()
    return F.cross_entropy(logits, labels, ignore_index=${IGNORED}, label_smoothing=${this.#labelSmoothing}${weights}), None
`.slice(1)
  }

  loss(
    { inputs, labels, numLabels, numKnown, labelWeight }: WeightedBatch,
    { training }: ObjectiveContext,
  ): ObjectiveLoss {
    const { logits } = this.#model.forward(...inputs)
    if (training) {
      const weights = this.#classWeights
      const loss = crossEntropy(logits, labels, {
        ignoreIndex: IGNORED,
        labelSmoothing: this.#labelSmoothing,
        ...(weights && { classWeights: tf.tensor1d(weights) }),
      })
      return { loss, weight: labelWeight ?? numKnown }
    }
    const right = tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels) // padding and unknown labels are never right
    const accuracy = tf.div(tf.sum(tf.cast(right, 'float32')), numLabels) as tf.Scalar
    const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED })
    return { loss, metrics: { accuracy }, weight: numKnown, metricWeights: { accuracy: numLabels } }
  }
}
