import { crossEntropy } from '@heddle/layers'
import type { Objective, ObjectiveContext, ObjectiveLoss } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { InstanceBatch } from '../batches/instance-batch.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'

// B batch, T time, M masked tokens

export interface MaskedTensors {
  /** [B, T], int32 */
  readonly ids: tf.Tensor
  readonly segments: tf.Tensor
  /** [B], int32 */
  readonly lengths: tf.Tensor
  /** [M], int32 */
  readonly places: tf.Tensor
  readonly labels: tf.Tensor
  /** [B], int32 */
  readonly pairLabels?: tf.Tensor
  /** In batches that are read from left to right. */
  readonly causal?: tf.Tensor
}

/**
 * Learns p(token | all others) at the masked places, and whether the segments of a pair belong together: the sum of both
 * cross-entropies. Only masked places pass the output layer.
 *
 * A causal batch teaches p(next token | those before) with the same weights instead.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers", 3.1; Charpentier & Samuel 2024, "GPT or BERT: why
 * not both?"
 */
export class MaskedLMObjective implements Objective<InstanceBatch, MaskedTensors> {
  readonly #model: MaskedLanguageModel
  readonly #labelSmoothing: number

  /** @param labelSmoothing share of the probability that the training loss of the masked tokens spreads over all tokens */
  constructor(model: MaskedLanguageModel, labelSmoothing = 0) {
    this.#model = model
    this.#labelSmoothing = labelSmoothing
  }

  collate([batch]: readonly InstanceBatch[]): MaskedTensors {
    const { shape, ids, segments, lengths, places, labels, pairLabels, causal } = batch!
    return {
      ids: tf.tensor2d(ids, shape as [number, number], 'int32'),
      segments: tf.tensor2d(segments, shape as [number, number], 'int32'),
      lengths: tf.tensor1d(lengths, 'int32'),
      places: tf.tensor1d(places, 'int32'),
      labels: tf.tensor1d(labels, 'int32'),
      ...(pairLabels && { pairLabels: tf.tensor1d(pairLabels, 'int32') }),
      ...(causal && { causal: tf.scalar(1, 'int32') }),
    }
  }

  get pyTorch(): string {
    return `
def loss(model, batch, step, state):
    """Cross-entropy of the masked or next tokens, and of whether the segments of a pair belong together."""
    causal = "causal" in batch
    result = model(batch["ids"], batch["lengths"], batch["segments"], batch["places"], causal)
    logits, pairs = result if isinstance(result, tuple) else (result, None)
    value = F.cross_entropy(logits, batch["labels"], label_smoothing=${this.#labelSmoothing})
    if not causal and pairs is not None and "pairLabels" in batch:
        value = value + F.cross_entropy(pairs, batch["pairLabels"])
    return value, None
`.slice(1)
  }

  loss(
    { ids, segments, lengths, places, labels, pairLabels, causal }: MaskedTensors,
    { training }: ObjectiveContext,
  ): ObjectiveLoss {
    const { logits, pairLogits } = this.#model.forward(ids, lengths, { segments, places, causal: causal !== undefined })
    const maskedLoss = crossEntropy(logits, labels, { labelSmoothing: training ? this.#labelSmoothing : 0 })
    if (causal) return { loss: maskedLoss, metrics: { nextTokenLoss: maskedLoss }, weight: labels.size }
    const [M, B] = [labels.size, lengths.size]
    const metrics: Record<string, tf.Scalar> = { maskedLoss }
    const metricWeights: Record<string, number> = { maskedLoss: M }
    if (!training) metrics['maskedAccuracy'] = accuracy(logits, labels)
    metricWeights['maskedAccuracy'] = M
    if (pairLabels === undefined || pairLogits === undefined)
      return { loss: maskedLoss, metrics, weight: M, metricWeights }
    const pairLoss = crossEntropy(pairLogits, pairLabels)
    metrics['pairLoss'] = pairLoss
    metricWeights['pairLoss'] = B
    if (!training) metrics['pairAccuracy'] = accuracy(pairLogits, pairLabels)
    metricWeights['pairAccuracy'] = B
    return { loss: tf.add(maskedLoss, pairLoss), metrics, weight: M, metricWeights }
  }
}

function accuracy(logits: tf.Tensor, labels: tf.Tensor): tf.Scalar {
  return tf.mean(tf.cast(tf.equal(tf.cast(tf.argMax(logits, -1), 'int32'), labels), 'float32')) as tf.Scalar
}
