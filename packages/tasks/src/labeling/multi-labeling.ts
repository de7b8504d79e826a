import { periodicYield, type RandomStream } from '@heddle/core'
import { batchesByLength, type Row } from '@heddle/data'
import { type Module, setTraining } from '@heddle/layers'
import { labelSetF1, type MetricInfo, rankingAveragePrecision } from '@heddle/metrics'
import type { BatchSource } from '@heddle/trainer'
import * as tf from '@tensorflow/tfjs-core'
import type { LabelScoresExhibit } from '../exhibits/label-scores.ts'
import type { Abortable, EvaluateOptions, StepwiseLearning } from '../task/pipeline.ts'
import type { Scorer } from '../task/scorer.ts'
import type { LabeledVector } from '../uses/read-vectors.ts'
import { checkClassWeights, weightsOfPositives } from './class-weights.ts'
import { drawByLength } from './draw-by-length.ts'
import type { LabelingModel } from './label-objective.ts'
import { IGNORED } from './labeled-batch.ts'
import type { ExampleReader } from './labeling.ts'
import { MultiLabelObjective } from './multi-label-objective.ts'
import { PREDICTION_BATCH } from './predict-labels.ts'
import type { ClassWeights } from './settings.ts'
import { summaryVectors } from './summary-vectors.ts'

// B batch, C labels

export interface MultiLabelingOptions<E, X> {
  readonly model: Module
  readonly labels: readonly string[]
  readonly reader: ExampleReader<E, X>
  readonly scorer: Scorer<readonly string[]>
  readonly batchSize: number
  readonly labelSmoothing: number
  readonly classWeights?: ClassWeights | undefined
  /** Probability from which on a label is predicted. */
  readonly threshold: number
  /** Name for messages. */
  readonly where: string
}

/** The values that are reported besides the metrics of the settings. */
const OWN_METRICS: readonly MetricInfo[] = [
  {
    name: 'rankingPrecision',
    summary: 'share of right labels among those that score at least as high as a right one',
    better: 'higher',
    percent: true,
  },
  { name: 'loss', summary: 'nats per label and example', better: 'lower' },
]

/** Gives each sequence any number of labels, each decided on its own: training, evaluation and prediction. */
export class MultiLabeling<E, X extends { readonly labels: readonly number[] }> implements StepwiseLearning<E> {
  readonly objective: MultiLabelObjective<X>
  readonly metrics: readonly MetricInfo[]
  readonly labels: readonly string[]
  readonly #model: LabelingModel
  readonly #options: MultiLabelingOptions<E, X>

  constructor(options: MultiLabelingOptions<E, X>) {
    const { model, labels, reader, scorer, labelSmoothing, classWeights, where } = options
    checkClassWeights(classWeights, labels, where)
    this.#options = options
    this.#model = model as LabelingModel
    this.labels = labels
    this.metrics = [...scorer.metrics, ...OWN_METRICS]
    this.objective = new MultiLabelObjective({
      ...{ model: this.#model, numLabels: labels.length, labelSmoothing },
      collate: (examples) => reader.collate(examples),
    })
  }

  trainingBatches(examples: readonly E[], rng: RandomStream): BatchSource<X> {
    const { reader, batchSize, labels, classWeights } = this.#options
    const encoded = this.#encoded(examples)
    this.objective.weightPositives(weightsOfPositives(classWeights, labels, encoded))
    return drawByLength(encoded, reader, { batchSize, rng })
  }

  validationMetrics(): readonly string[] {
    return this.metrics.map(({ name }) => name)
  }

  validationBatches(examples: readonly E[]): Iterable<X[]> {
    const { reader } = this.#options
    return batchesByLength(this.#encoded(examples), {
      batchSize: PREDICTION_BATCH,
      length: (x) => reader.length(x),
    })
  }

  async validate(examples: readonly E[], signal?: AbortSignal): Promise<Record<string, number>> {
    const { loss: _, examples: __, unknownLabels: ___, ...metrics } = await this.evaluate(examples, { signal })
    return metrics
  }

  /** Labels that training did not meet count as labels that were not found, have no loss, and are counted as `unknownLabels`. */
  async evaluate(examples: readonly E[], options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const { reader, scorer } = this.#options
    const encoded = this.#encoded(examples)
    const logits = await this.predict(encoded, options)
    const known = encoded.map(({ labels }) => labels.filter((id) => id !== IGNORED))
    const losses = logits.map((row, i) => lossOf(row, known[i]!))
    const unknownLabels = encoded.reduce((sum, { labels }, i) => sum + labels.length - known[i]!.length, 0)
    return {
      ...scorer.score(
        logits.map((row) => this.chosen(row)),
        examples.map((example) => reader.labelsOf(example)),
      ),
      rankingPrecision: rankingAveragePrecision(logits, known),
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      ...(unknownLabels > 0 && { unknownLabels }),
      examples: examples.length,
    }
  }

  /** The logit of every label of each example, each [C], in the order of the examples. */
  async predict(examples: readonly X[], { onProgress, signal }: EvaluateOptions = {}): Promise<Float32Array[]> {
    const { reader } = this.#options
    setTraining(this.#model, false)
    const predicted = new Array<Float32Array>(examples.length)
    const order = [...examples.keys()].sort((a, b) => reader.length(examples[a]!) - reader.length(examples[b]!))
    const yieldNow = periodicYield(signal)
    for (let at = 0; at < order.length; at += PREDICTION_BATCH) {
      await yieldNow()
      const indices = order.slice(at, at + PREDICTION_BATCH)
      const { inputs, targets } = this.objective.collate(indices.map((index) => examples[index]!))
      const C = this.labels.length
      try {
        const logits = tf.tidy(() => this.#model.forward(...inputs).logits)
        const values = (await logits.data()) as Float32Array
        logits.dispose()
        for (const [b, index] of indices.entries()) predicted[index] = values.slice(b * C, (b + 1) * C)
      } finally {
        tf.dispose([targets, ...inputs])
      }
      onProgress?.(at + indices.length, order.length)
    }
    return predicted
  }

  /** The labels whose probability reaches the threshold, the most probable one first. @param logits [C] */
  chosen(logits: Float32Array): readonly string[] {
    const { threshold } = this.#options
    return [...logits.keys()]
      .filter((id) => sigmoid(logits[id]!) >= threshold)
      .sort((a, b) => logits[b]! - logits[a]!)
      .map((id) => this.labels[id]!)
  }

  /**
   * Each example with its right labels, those that are predicted with their probabilities, and the mean loss over all labels.
   *
   * @param describe the example for people
   */
  async judge(examples: readonly E[], describe: (example: E, i: number) => Row, options?: Abortable): Promise<Row[]> {
    const { reader } = this.#options
    const encoded = this.#encoded(examples)
    const logits = await this.predict(encoded, options)
    return logits.map((row, i) => {
      const prediction = this.chosen(row)
      return {
        ...describe(examples[i]!, i),
        gold: reader.labelsOf(examples[i]!),
        prediction,
        score: prediction.map((label) => sigmoid(row[this.labels.indexOf(label)]!)),
        loss: lossOf(
          row,
          encoded[i]!.labels.filter((id) => id !== IGNORED),
        ),
      }
    })
  }

  /** The vectors from which the model scores the labels of examples. */
  async vectors(examples: readonly E[], options?: Abortable): Promise<LabeledVector[]> {
    const { reader } = this.#options
    const encoded = this.#encoded(examples).map((example) => ({ ...example, labels: [IGNORED] }))
    const vectors = await summaryVectors(this.#model, (some) => reader.collate(some), encoded, options)
    return vectors.map((vector, i) => ({ vector, label: reader.labelsOf(examples[i]!).join(' + ') }))
  }

  /** Predicted labels of examples in a random order. */
  async predictShuffled(
    examples: readonly E[],
    rng: RandomStream,
    options?: Abortable,
  ): Promise<{ examples: readonly E[]; predicted: readonly (readonly string[])[] }> {
    const shuffled = rng.shuffled(examples)
    const logits = await this.predict(this.#encoded(shuffled), options)
    return { examples: shuffled, predicted: logits.map((row) => this.chosen(row)) }
  }

  /** Precision, recall and F1 of each label, in the order of how frequent they are. */
  labelScores(examples: readonly E[], predicted: readonly (readonly string[])[]): LabelScoresExhibit[] {
    if (examples.length === 0) return []
    const gold = examples.map((example) => this.#options.reader.labelsOf(example))
    const { perClass } = labelSetF1(predicted, gold, this.labels)
    const scores = [...perClass]
      .map(([label, { support: count, ...score }]) => ({ label, ...score, count }))
      .sort((a, b) => b.count - a.count)
    return [{ kind: 'label-scores', title: 'Scores by label', scores }]
  }

  #encoded(examples: readonly E[]): X[] {
    return examples.map((example) => this.#options.reader.encode(example))
  }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Mean binary cross-entropy over all labels, in double precision. */
function lossOf(logits: Float32Array, right: readonly number[]): number {
  const positive = new Set(right)
  let sum = 0
  for (const [id, x] of logits.entries()) {
    // log(1 + exp(z)) of z = -x for a right label and z = x for another one.
    const z = positive.has(id) ? -x : x
    sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
  }
  return sum / logits.length
}
