import { binaryCrossEntropy } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { LabelingModel } from './label-objective.ts'
import { IGNORED, type LabeledBatch } from './labeled-batch.ts'

// B batch, C labels

export interface MultiLabelBatch {
  /** Arguments of the model's `forward`, in its order. */
  readonly inputs: readonly tf.Tensor[]
  /** 1 for each label of an example and 0 for the others, [B, C]; labels that training did not meet have no place. */
  readonly targets: tf.Tensor
}

export interface MultiLabelObjectiveOptions<X> {
  readonly model: LabelingModel
  readonly numLabels: number
  /** Makes the inputs; its labels are of one unit and serve nothing here. */
  readonly collate: (examples: readonly X[]) => LabeledBatch
  readonly labelSmoothing: number
}

/**
 * Learns p(label | sequence) for each label on its own: the mean over examples and labels of the binary cross-entropy. Smoothing by ε
 * moves targets from 0 to ε/2 and from 1 to 1 - ε/2.
 */
export class MultiLabelObjective<X extends { readonly labels: readonly number[] }>
  implements Objective<X, MultiLabelBatch>
{
  readonly #options: MultiLabelObjectiveOptions<X>
  #positiveWeights: Float32Array | undefined

  constructor(options: MultiLabelObjectiveOptions<X>) {
    this.#options = options
  }

  /** Sets the weights of the examples that have a label, against those that do not, [C]; undefined makes them alike. */
  weightPositives(weights: Float32Array | undefined): void {
    this.#positiveWeights = weights
  }

  collate(examples: readonly X[]): MultiLabelBatch {
    const C = this.#options.numLabels
    const { inputs, labels } = this.#options.collate(examples.map((example) => ({ ...example, labels: [IGNORED] })))
    labels.dispose()
    const targets = new Float32Array(examples.length * C)
    for (const [b, example] of examples.entries()) {
      for (const id of example.labels) if (id !== IGNORED) targets[b * C + id] = 1
    }
    return { inputs, targets: tf.tensor2d(targets, [examples.length, C]) }
  }

  get pyTorch(): string {
    const weights = this.#positiveWeights
    const positive =
      weights === undefined ? '' : `, pos_weight=logits.new_tensor([${[...weights]}], dtype=logits.dtype)`
    const { labelSmoothing } = this.#options
    const smoothed = labelSmoothing === 0 ? '' : ` * ${1 - labelSmoothing} + ${labelSmoothing / 2}`
    return `
def loss(model, batch, step, state):
    """Binary cross-entropy of each label on its own."""
    inputs = [batch[name] for name in sorted(batch) if name.startswith("inputs.")]
    logits = model(*inputs)
    targets = batch["targets"].to(logits.dtype)${smoothed}
    return F.binary_cross_entropy_with_logits(logits, targets${positive}), None
`.slice(1)
  }

  loss({ inputs, targets }: MultiLabelBatch, { training }: ObjectiveContext): ObjectiveLoss {
    const { model, labelSmoothing } = this.#options
    const { logits } = model.forward(...inputs)
    const weight = targets.size
    if (!training) return { loss: binaryCrossEntropy(logits, targets), weight }
    const smoothed = labelSmoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - labelSmoothing), labelSmoothing / 2)
    const positiveWeights = this.#positiveWeights
    const loss = binaryCrossEntropy(logits, smoothed, {
      ...(positiveWeights && { positiveWeights: tf.tensor1d(positiveWeights) }),
    })
    return { loss, weight }
  }
}
