import { type ConditionalRandomField, crossEntropy, type Module, namedModules } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import { IGNORED, type LabeledBatch } from './labeled-batch.ts'

// B batch, T time, C labels

/** A model that scores labels, for a sequence or for each of its steps. */
export interface LabelingModel extends Module {
  /** Capability: the logits in Python, as an expression of the run's `model` and a list of `inputs` (default `model(*inputs)`). */
  readonly pyTorchLogits?: string
  /** Capability: scores the labels of a sequence together, from the logits of its steps. */
  readonly crf?: ConditionalRandomField | undefined
  /** @returns logits [B, C] or [B, T, C] */
  forward(...inputs: tf.Tensor[]): { logits: tf.Tensor }
}

interface WeightedBatch extends LabeledBatch {
  /** Sum of the weights of the labels, where labels have weights. */
  readonly labelWeight?: number
}

/**
 * Learns p(label | sequence): the cross-entropy of the right label of each sequence, or of each step; with a CRF the negative
 * log-likelihood of all labels of a sequence, divided by their number. Labels that training did not meet have no loss, and count as
 * errors in the accuracy.
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
    const { crf } = this.#model
    if (crf !== undefined) {
      const path = namedModules(this.#model).find(([, module]) => module === crf)![0]
      return `
def loss(model, batch, step, state):
    """Negative log-likelihood of the labels of each sequence, by label; ${IGNORED} stands past the end of a sequence."""
    inputs = [batch[name] for name in sorted(batch) if name.startswith("inputs.")]
    logits = ${this.#model.pyTorchLogits ?? 'model(*inputs)'}
    mask = batch["labels"] != ${IGNORED}
    return -model.${path.replace(/^model\./, '')}(logits, batch["labels"], mask).sum() / mask.sum(), None
`.slice(1)
    }
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

  loss(batch: WeightedBatch, { training }: ObjectiveContext): ObjectiveLoss {
    const { inputs, labels, numLabels, numKnown, labelWeight } = batch
    const { logits } = this.#model.forward(...inputs)
    const { crf } = this.#model
    if (crf !== undefined) return chainLoss(crf, logits, batch, training)
    if (training) {
      const weights = this.#classWeights
      const loss = crossEntropy(logits, labels, {
        ignoreIndex: IGNORED,
        labelSmoothing: this.#labelSmoothing,
        ...(weights && { classWeights: tf.tensor1d(weights) }),
      })
      return { loss, weight: labelWeight ?? numKnown }
    }
    const loss = crossEntropy(logits, labels, { ignoreIndex: IGNORED })
    return { loss, ...accuracyOf(logits, labels, numLabels), weight: numKnown }
  }
}

/** The accuracy of validation is that of the most probable label of each step. */
function chainLoss(
  crf: ConditionalRandomField,
  logits: tf.Tensor,
  { labels, lengths, numLabels, numKnown }: LabeledBatch,
  training: boolean,
): ObjectiveLoss {
  const steps = tf.tensor1d(lengths, 'int32')
  const loss = tf.div(tf.neg(tf.sum(crf.forward(logits, labels, steps))), numKnown) as tf.Scalar
  if (training) return { loss, weight: numKnown }
  return { loss, ...accuracyOf(crf.marginals(logits, steps), labels, numLabels), weight: numKnown }
}

/** @param scores of each label, [B, C] or [B, T, C] */
function accuracyOf(
  scores: tf.Tensor,
  labels: tf.Tensor,
  numLabels: number,
): Pick<ObjectiveLoss, 'metrics' | 'metricWeights'> {
  const right = tf.equal(tf.cast(tf.argMax(scores, -1), 'int32'), labels) // padding and unknown labels are never right
  const accuracy = tf.div(tf.sum(tf.cast(right, 'float32')), numLabels) as tf.Scalar
  return { metrics: { accuracy }, metricWeights: { accuracy: numLabels } }
}
