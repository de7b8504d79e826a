import { mapInTurns, periodicYield, type RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength } from '@heddle/data'
import { setTraining } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import type { BatchSource, Objective } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { LabelingModel } from '../labeling/label-objective.ts'
import type { LabeledSequence } from '../labeling/labeled-batch.ts'
import { PREDICTION_BATCH } from '../labeling/predict-labels.ts'
import type { Abortable, EvaluateOptions, StepwiseLearning } from '../task/pipeline.ts'
import type { Scorer } from '../task/scorer.ts'

// B batch

/** A sequence as numbers, with its score. */
export interface ScoredSequence extends LabeledSequence {
  readonly score: number
}

export interface ScoreBatch {
  /** Arguments of the model's `forward`, in its order. */
  readonly inputs: readonly tf.Tensor[]
  /** [B] */
  readonly scores: tf.Tensor
}

export interface ScoreLearningOptions<E> {
  readonly model: LabelingModel
  readonly encode: (example: E) => ScoredSequence
  /** Makes the arguments of the model's `forward`. */
  readonly inputsOf: (examples: readonly ScoredSequence[]) => readonly tf.Tensor[]
  readonly scorer: Scorer<number>
  readonly batchSize: number
}

/** Learns a number for each sequence, the model's only logit, by the mean squared error. */
export class ScoreLearning<E> implements StepwiseLearning<E> {
  readonly objective: Objective<ScoredSequence, ScoreBatch>
  readonly metrics: readonly MetricInfo[]
  readonly #options: ScoreLearningOptions<E>

  constructor(options: ScoreLearningOptions<E>) {
    const { model, inputsOf, scorer } = options
    this.#options = options
    this.metrics = [...scorer.metrics, { name: 'loss', summary: 'mean squared error', better: 'lower' }]
    this.objective = {
      collate: (examples) => ({
        inputs: inputsOf(examples),
        scores: tf.tensor1d(examples.map(({ score }) => score)),
      }),
      loss: ({ inputs, scores }) => ({
        loss: tf.mean(tf.squaredDifference(scoresBy(model, inputs), scores)) as tf.Scalar,
        weight: scores.size,
      }),
      pyTorch,
    }
  }

  async trainingBatches(
    examples: readonly E[],
    rng: RandomStream,
    { signal }: Abortable = {},
  ): Promise<BatchSource<ScoredSequence>> {
    const { encode, batchSize } = this.#options
    const size = Math.min(batchSize, examples.length)
    const encoded = await mapInTurns(examples, encode, signal)
    return new BatchSampler(encoded, { batchSize: size, length: lengthOf, dropLast: true, rng })
  }

  validationMetrics(): readonly string[] {
    return this.metrics.map(({ name }) => name)
  }

  async *validationBatches(examples: readonly E[], { signal }: Abortable = {}): AsyncGenerator<ScoredSequence[]> {
    const encoded = await mapInTurns(examples, this.#options.encode, signal)
    yield* batchesByLength(encoded, { batchSize: PREDICTION_BATCH, length: lengthOf })
  }

  async validate(examples: readonly E[], signal?: AbortSignal): Promise<Record<string, number>> {
    const { loss: _, examples: __, ...metrics } = await this.evaluate(examples, { signal })
    return metrics
  }

  async evaluate(examples: readonly E[], options?: EvaluateOptions): Promise<Record<string, number>> {
    const encoded = await mapInTurns(examples, this.#options.encode, options?.signal)
    const predicted = await this.predict(encoded, options)
    const right = encoded.map(({ score }) => score)
    const squares = right.reduce((sum, score, i) => sum + (predicted[i]! - score) ** 2, 0)
    return { ...this.#options.scorer.score(predicted, right), loss: squares / right.length, examples: examples.length }
  }

  /** The score of each example, in their order. */
  async predict(
    examples: readonly ScoredSequence[],
    { onProgress, signal }: EvaluateOptions = {},
  ): Promise<readonly number[]> {
    const { model, inputsOf } = this.#options
    setTraining(model, false)
    const predicted = new Array<number>(examples.length)
    const order = [...examples.keys()].sort((a, b) => lengthOf(examples[a]!) - lengthOf(examples[b]!))
    const yieldNow = periodicYield(signal)
    for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
      await yieldNow()
      const indices = order.slice(at, at + PREDICTION_BATCH)
      const scores = tf.tidy(() => scoresBy(model, inputsOf(indices.map((index) => examples[index]!))))
      const values = await scores.data()
      scores.dispose()
      for (const [b, index] of indices.entries()) predicted[index] = values[b]!
      onProgress?.(at + indices.length, order.length)
    }
    return predicted
  }
}

const pyTorch = `
def loss(model, batch, step, state):
    """Mean squared error of the score of each sequence."""
    inputs = [batch[name] for name in sorted(batch) if name.startswith("inputs.")]
    return F.mse_loss(model(*inputs).squeeze(-1), batch["scores"]), None
`.slice(1)

/** @returns [B] */
const scoresBy = (model: LabelingModel, inputs: readonly tf.Tensor[]) =>
  tf.reshape(model.forward(...inputs).logits, [-1])

const lengthOf = ({ input }: LabeledSequence) => input.length
