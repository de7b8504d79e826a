import type { RandomStream } from '@heddle/core'
import { BatchSampler, batchesByLength, MappedBatches } from '@heddle/data'
import { setTraining } from '@heddle/layers'
import { accuracy, confusionMatrix, precisionRecallF1 } from '@heddle/metrics'
import type { BatchSource } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { Exhibit } from '../exhibit.ts'
import type { Predictor } from '../predictor.ts'
import type { Abilities, EvaluateOptions, Pipeline } from '../recipe.ts'
import type { ConfusionExhibit } from './class-exhibits.ts'
import { ClassificationTask, type LabellingModel } from './classification-task.ts'
import { IGNORED, type LabelledBatch } from './labelled-batch.ts'

// B batch, T time, C labels

/** Sequences classified at once when nothing is learned. */
const PREDICTION_BATCH = 256
/** A larger matrix is unreadable. */
const MOST_SHOWN_LABELS = 40

/** What a model says about a sequence: one entry, or one for each step. */
export interface LabelPrediction {
  readonly labels: readonly number[]
  /** The probability of every label, each [C]. */
  readonly probabilities: readonly Float32Array[]
}

/**
 * What a recipe brings to classification.
 *
 * @typeParam E an example as the data hold it
 * @typeParam X the example as numbers; labels that training did not meet are {@link IGNORED}, and count as errors
 */
export interface ClassificationParts<E, X> {
  readonly model: LabellingModel
  readonly labels: readonly string[]
  readonly batchSize: number
  readonly labelSmoothing: number
  encode(example: E): X
  collate(examples: readonly X[]): LabelledBatch
  /** Examples of like length share a batch. */
  length(example: X): number
  /** Changes a training example at random each time that it is drawn. */
  augment?(example: X, rng: RandomStream): X
  /** Some examples with what the model says about them, each in the order of the other. */
  show(examples: readonly E[], predictions: readonly LabelPrediction[]): Exhibit[]
  readonly predictor?: Predictor
}

/** Sequences to labels: one for each, or one for each step. */
export class ClassificationPipeline<E, X extends { readonly labels: readonly number[] }>
  implements Pipeline<E, X, LabelledBatch>
{
  readonly task: ClassificationTask<X>
  readonly abilities: Abilities
  readonly #parts: ClassificationParts<E, X>

  constructor(parts: ClassificationParts<E, X>) {
    this.#parts = parts
    this.task = new ClassificationTask(parts.model, parts.collate, parts.labelSmoothing)
    this.abilities = parts.predictor === undefined ? {} : { predictor: parts.predictor }
  }

  trainingBatches(examples: readonly E[], rng: RandomStream): BatchSource<X> {
    const { batchSize, length, augment } = this.#parts
    const sampler = new BatchSampler(examples.map(this.#parts.encode), {
      batchSize: Math.min(batchSize, examples.length),
      length,
      dropLast: true,
      rng,
    })
    return augment === undefined ? sampler : new MappedBatches(sampler, augment, rng)
  }

  validationBatches(examples: readonly E[]): Iterable<X[]> {
    const { encode, length } = this.#parts
    return batchesByLength(examples.map(encode), { batchSize: PREDICTION_BATCH, length })
  }

  async evaluate(examples: readonly E[], options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const encoded = examples.map(this.#parts.encode)
    const predictions = await predictLabels(this.#parts, encoded, options)
    const references = encoded.flatMap(({ labels }) => labels)
    const predicted = predictions.flatMap(({ labels }) => labels)
    const probabilities = predictions.flatMap(({ probabilities }) => probabilities)
    const known = references.flatMap((label, i) => (label === IGNORED ? [] : [-Math.log(probabilities[i]![label]!)]))
    const occurring = this.#parts.labels.flatMap((_, id) => (references.includes(id) ? [id] : []))
    return {
      accuracy: accuracy(predicted, references),
      macroF1: precisionRecallF1(predicted, references, occurring).macro.f1,
      loss: known.reduce((sum, loss) => sum + loss, 0) / known.length,
      examples: examples.length,
    }
  }

  async demonstrate(examples: readonly E[], rng: RandomStream): Promise<Exhibit[]> {
    const shuffled = rng.shuffled(examples)
    const encoded = shuffled.map(this.#parts.encode)
    const predictions = await predictLabels(this.#parts, encoded)
    const exhibits = this.#parts.show(shuffled, predictions)
    const { labels } = this.#parts
    if (labels.length > MOST_SHOWN_LABELS) return exhibits
    const references = encoded.flatMap(({ labels }) => labels)
    return [
      ...exhibits,
      confusionExhibit(
        labels,
        predictions.flatMap(({ labels }) => labels),
        references,
      ),
    ]
  }
}

/** What the model says about each example, in their order. */
export async function predictLabels<X>(
  { model, collate, length }: Pick<ClassificationParts<never, X>, 'model' | 'collate' | 'length'>,
  examples: readonly X[],
  { onProgress, signal }: EvaluateOptions = {},
): Promise<LabelPrediction[]> {
  setTraining(model, false)
  const predictions = new Array<LabelPrediction>(examples.length)
  const order = [...examples.keys()].sort((a, b) => length(examples[a]!) - length(examples[b]!))
  for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
    signal?.throwIfAborted()
    const indices = order.slice(at, at + PREDICTION_BATCH)
    const batch = collate(indices.map((index) => examples[index]!))
    const probabilities = tf.tidy(() => tf.softmax(model.forward(...batch.inputs).logits)) // [B, C] or [B, T, C]
    const isPerStep = probabilities.rank === 3
    const [T, C] = [isPerStep ? probabilities.shape[1]! : 1, probabilities.shape.at(-1)!]
    const values = (await probabilities.data()) as Float32Array
    for (const [b, index] of indices.entries()) {
      const rows = Array.from({ length: isPerStep ? length(examples[index]!) : 1 }, (_, t) =>
        values.slice((b * T + t) * C, (b * T + t + 1) * C),
      )
      predictions[index] = { labels: rows.map(likeliest), probabilities: rows }
    }
    tf.dispose([probabilities, batch.labels, ...batch.inputs])
    onProgress?.(at + indices.length, order.length)
  }
  return predictions
}

function likeliest(probabilities: Float32Array): number {
  let best = 0
  for (let i = 1; i < probabilities.length; i++) if (probabilities[i]! > probabilities[best]!) best = i
  return best
}

function confusionExhibit(
  labels: readonly string[],
  predicted: readonly number[],
  references: readonly number[],
): ConfusionExhibit {
  const known = [...references.keys()].filter((i) => references[i] !== IGNORED)
  const { counts } = confusionMatrix(
    known.map((i) => predicted[i]!),
    known.map((i) => references[i]!),
    [...labels.keys()],
  )
  return { kind: 'confusion', title: 'Right label by given label', labels, counts }
}
