import { mapInTurns, periodicYield, type RandomStream } from '@heddle/core'
import { batchesByLength, type Row, separatedBy } from '@heddle/data'
import { type Module, setTraining } from '@heddle/layers'
import { bestLabelThresholds, labelSetF1, type MetricInfo, rankingAveragePrecision } from '@heddle/metrics'
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
  /** Probability from which on a label is predicted, or how it is tuned on the validation examples. */
  readonly threshold: ThresholdSetting
  /** Thresholds that were tuned before, [C]. */
  readonly tuned?: readonly number[] | undefined
  /** The assets that keep tuned thresholds, by name. */
  readonly keep: (thresholds: readonly number[] | undefined) => Readonly<Record<string, unknown>>
  /** Metric that the settings monitor. */
  readonly monitor?: string | undefined
  /** Name for messages. */
  readonly where: string
}

/** A probability; or 'tuned', one for all labels, or 'tuned-by-label', to give the highest F1 on the validation examples. */
type ThresholdSetting = number | 'tuned' | 'tuned-by-label'

/** Probability from which on a label is predicted where nothing was tuned. */
const UNTUNED = 0.5

/** Stands between labels in the cell of a table. */
export const SEPARATOR = ','

const UNTUNED_METRIC: MetricInfo = {
  name: 'untunedMicroF1',
  summary: `microF1 if every label were predicted from a probability of ${UNTUNED} on`,
  better: 'higher',
  percent: true,
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
  #tuned: readonly number[] | undefined

  constructor(options: MultiLabelingOptions<E, X>) {
    const { model, labels, reader, scorer, labelSmoothing, classWeights, where, threshold, tuned } = options
    checkClassWeights(classWeights, labels, where)
    this.#options = options
    this.#model = model as LabelingModel
    this.labels = labels
    this.#tuned = typeof threshold === 'number' ? undefined : tuned
    this.metrics = [...scorer.metrics, ...(typeof threshold === 'number' ? [] : [UNTUNED_METRIC]), ...OWN_METRICS]
    this.objective = new MultiLabelObjective({
      ...{ model: this.#model, numLabels: labels.length, labelSmoothing },
      collate: (examples) => reader.collate(examples),
    })
  }

  async trainingBatches(examples: readonly E[], rng: RandomStream, options: Abortable = {}): Promise<BatchSource<X>> {
    const { reader, batchSize, labels, classWeights } = this.#options
    const encoded = await this.#encoded(examples, options)
    // Those of other weights have no meaning.
    this.#tuned = undefined
    this.objective.weightPositives(weightsOfPositives(classWeights, labels, encoded))
    return drawByLength(encoded, reader, { batchSize, rng })
  }

  validationMetrics(): readonly string[] {
    return this.metrics.map(({ name }) => name)
  }

  async *validationBatches(examples: readonly E[], options: Abortable = {}): AsyncGenerator<X[]> {
    const { reader } = this.#options
    yield* batchesByLength(await this.#encoded(examples, options), {
      batchSize: PREDICTION_BATCH,
      length: (x) => reader.length(x),
    })
  }

  async validate(examples: readonly E[], signal?: AbortSignal): Promise<Record<string, number>> {
    const encoded = await this.#encoded(examples, { signal })
    const logits = await this.predict(encoded, { signal })
    this.#tune(examples, logits)
    const { loss: _, examples: __, unknownLabels: ___, ...metrics } = this.#score(examples, encoded, logits)
    return metrics
  }

  /** Tunes the thresholds for the weights that are kept. */
  async finish(validation: readonly E[], signal?: AbortSignal): Promise<Readonly<Record<string, unknown>>> {
    if (validation.length > 0) {
      const encoded = await this.#encoded(validation, { signal })
      this.#tune(validation, await this.predict(encoded, { signal }))
    }
    return this.#options.keep(this.#tuned)
  }

  #tune(examples: readonly E[], logits: readonly Float32Array[]): void {
    const { threshold, monitor, reader } = this.#options
    if (typeof threshold === 'number') return
    this.#tuned = bestLabelThresholds(
      logits.map((row) => Array.from(row, sigmoid)),
      examples.map((example) => reader.labelsOf(example)),
      this.labels,
      { average: monitor === 'macroF1' ? 'macro' : 'micro', byLabel: threshold === 'tuned-by-label' },
    )
  }

  /** Labels that training did not meet count as labels that were not found, have no loss, and are counted as `unknownLabels`. */
  async evaluate(examples: readonly E[], options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const encoded = await this.#encoded(examples, options)
    return this.#score(examples, encoded, await this.predict(encoded, options))
  }

  #score(examples: readonly E[], encoded: readonly X[], logits: readonly Float32Array[]): Record<string, number> {
    const { reader, scorer } = this.#options
    const gold = examples.map((example) => reader.labelsOf(example))
    const known = encoded.map(({ labels }) => labels.filter((id) => id !== IGNORED))
    const losses = logits.map((row, i) => lossOf(row, known[i]!))
    const unknownLabels = encoded.reduce((sum, { labels }, i) => sum + labels.length - known[i]!.length, 0)
    return {
      ...scorer.score(
        logits.map((row) => this.chosen(row)),
        gold,
      ),
      ...(this.#tuned && {
        [UNTUNED_METRIC.name]: labelSetF1(
          logits.map((row) => this.#reaching(row, () => UNTUNED)),
          gold,
        ).micro.f1,
      }),
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

  /** The labels whose probability reaches their threshold, the most probable one first. @param logits [C] */
  chosen(logits: Float32Array): readonly string[] {
    return this.#reaching(logits, (id) => this.thresholdOf(id))
  }

  /** Probability from which on a label is predicted. @param id of the label */
  thresholdOf(id: number): number {
    const { threshold } = this.#options
    return typeof threshold === 'number' ? threshold : (this.#tuned?.[id] ?? UNTUNED)
  }

  #reaching(logits: Float32Array, thresholdOf: (id: number) => number): readonly string[] {
    return [...logits.keys()]
      .filter((id) => sigmoid(logits[id]!) >= thresholdOf(id))
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
    const encoded = await this.#encoded(examples, options)
    const logits = await this.predict(encoded, options)
    return logits.map((row, i) => {
      const prediction = this.chosen(row)
      return {
        ...describe(examples[i]!, i),
        gold: separatedBy(SEPARATOR, reader.labelsOf(examples[i]!)),
        prediction: separatedBy(SEPARATOR, prediction),
        score: separatedBy(
          SEPARATOR,
          prediction.map((label) => sigmoid(row[this.labels.indexOf(label)]!)),
        ),
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
    const read = await this.#encoded(examples, options)
    const encoded = read.map((example) => ({ ...example, labels: [IGNORED] }))
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
    const logits = await this.predict(await this.#encoded(shuffled, options), options)
    return { examples: shuffled, predicted: logits.map((row) => this.chosen(row)) }
  }

  /** Precision, recall and F1 of each label, in the order of how frequent they are. */
  labelScores(examples: readonly E[], predicted: readonly (readonly string[])[]): LabelScoresExhibit[] {
    if (examples.length === 0) return []
    const gold = examples.map((example) => this.#options.reader.labelsOf(example))
    const { perClass } = labelSetF1(predicted, gold, this.labels)
    const scores = [...perClass]
      .map(([label, { support: count, ...score }]) => ({
        ...{ label, ...score, count },
        threshold: this.thresholdOf(this.labels.indexOf(label)),
      }))
      .sort((a, b) => b.count - a.count)
    return [{ kind: 'label-scores', title: 'Scores by label', scores }]
  }

  #encoded(examples: readonly E[], { signal }: Abortable = {}): Promise<X[]> {
    return mapInTurns(examples, (example) => this.#options.reader.encode(example), signal)
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
