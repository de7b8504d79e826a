import { HeddleError, mapInTurns, type RandomStream, show, suggest } from '@heddle/core'
import { batchesByLength, type Row } from '@heddle/data'
import type { Module, PathScores } from '@heddle/layers'
import { confusionMatrix, type MetricInfo } from '@heddle/metrics'
import type { BatchSource } from '@heddle/trainer'
import type { ConfusionExhibit } from '../exhibits/confusion.ts'
import type { MistakenExample, MistakesExhibit } from '../exhibits/mistakes.ts'
import type { Abortable, EvaluateOptions, StepwiseLearning } from '../task/pipeline.ts'
import type { Scorer } from '../task/scorer.ts'
import type { LabeledVector } from '../uses/read-vectors.ts'
import { checkClassWeights, weightsOfClasses } from './class-weights.ts'
import { drawByLength } from './draw-by-length.ts'
import { type LabelingModel, LabelObjective } from './label-objective.ts'
import { IGNORED, type LabeledBatch } from './labeled-batch.ts'
import { type LabelIds, PREDICTION_BATCH, predictLabels } from './predict-labels.ts'
import type { ClassWeights } from './settings.ts'
import { summaryVectors } from './summary-vectors.ts'
import { type PredictedExamples, worstMistakes } from './worst-mistakes.ts'

/** A larger matrix is unreadable. */
const MOST_SHOWN_LABELS = 40

/**
 * Makes numbers of examples; texts, sentences and pictures each have one.
 *
 * @typeParam E an example as the data hold it
 * @typeParam X the example as numbers; labels that training did not meet are {@link IGNORED}
 */
export interface ExampleReader<E, X> {
  /** The label of an example, or those of its steps. */
  labelsOf(example: E): readonly string[]
  encode(example: E): X
  collate(examples: readonly X[]): LabeledBatch
  /** Number of steps; examples of similar length share a batch. */
  length(example: X): number
  /** Changes a training example at random each time that it is drawn. */
  augment?(example: X, rng: RandomStream): X
}

export interface LabelingOptions<E, X> {
  readonly model: Module
  readonly labels: readonly string[]
  readonly reader: ExampleReader<E, X>
  readonly scorer: Scorer<string>
  readonly batchSize: number
  readonly labelSmoothing: number
  /** Rules for labels that follow each other: 0 or -Infinity (default: every sequence is valid). */
  readonly rules?: PathScores | undefined
  readonly classWeights?: ClassWeights | undefined
  /** Name for messages (default 'labeling'). */
  readonly where?: string
}

/** Labels sequences, one label for each or one for each step: training, evaluation and prediction for any kind of example. */
export class Labeling<E, X extends { readonly labels: readonly number[] }> implements StepwiseLearning<E> {
  readonly objective: LabelObjective<X>
  readonly metrics: readonly MetricInfo[]
  readonly labels: readonly string[]
  /** Metrics of sequences, where there are any. */
  readonly validate?: (examples: readonly E[], signal?: AbortSignal) => Promise<Record<string, number>>
  readonly #model: LabelingModel
  readonly #options: LabelingOptions<E, X>

  constructor(options: LabelingOptions<E, X>) {
    const { model, labels, reader, scorer, labelSmoothing, classWeights, where = 'labeling' } = options
    checkClassWeights(classWeights, labels, where)
    this.#options = options
    this.#model = model as LabelingModel
    if (this.#model.crf !== undefined) checkChainOptions(options)
    this.labels = labels
    this.metrics = [...scorer.metrics, { name: 'loss', summary: 'nats per label', better: 'lower' }]
    this.objective = new LabelObjective(this.#model, (examples) => reader.collate(examples), labelSmoothing)
    const { ofSequences } = scorer
    if (ofSequences.length > 0) {
      this.validate = async (examples, signal) => {
        const metrics = await this.evaluate(examples, { signal })
        return Object.fromEntries(ofSequences.map((name) => [name, metrics[name]!]))
      }
    }
  }

  async trainingBatches(examples: readonly E[], rng: RandomStream, options: Abortable = {}): Promise<BatchSource<X>> {
    const { reader, batchSize, labels, classWeights } = this.#options
    const encoded = await this.#encoded(examples, options)
    this.#checkLearnable(examples, encoded)
    this.objective.weightClasses(weightsOfClasses(classWeights, labels, encoded))
    return drawByLength(encoded, reader, { batchSize, rng })
  }

  /** An example without any label that the model has would teach nothing, and a batch of them has no loss. */
  #checkLearnable(examples: readonly E[], encoded: readonly X[]): void {
    const { reader, labels, where = 'labeling' } = this.#options
    if (examples.length === 0) {
      throw new HeddleError('data', `${where}: expected examples to learn from, got none. Pass at least one.`)
    }
    const at = encoded.findIndex((x) => x.labels.length > 0 && x.labels.every((id) => id === IGNORED))
    if (at === -1) return
    const got = show(reader.labelsOf(examples[at]!)[0])
    throw new HeddleError(
      'data',
      `${where}: expected examples with labels of the model, got ${got} in example ${at + 1}. ${suggest(String(reader.labelsOf(examples[at]!)[0]), labels)}`,
    )
  }

  /** The loss needs a label that training met. */
  validationMetrics(examples: readonly E[]): readonly string[] {
    const known = new Set(this.labels)
    const { reader, scorer } = this.#options
    const hasLoss = examples.some((example) => reader.labelsOf(example).some((label) => known.has(label)))
    return [...scorer.ofSequences, 'accuracy', ...(hasLoss || examples.length === 0 ? ['loss'] : [])]
  }

  /** Sentences without words are left out: they have no labels. */
  async *validationBatches(examples: readonly E[], options: Abortable = {}): AsyncGenerator<X[]> {
    const { reader } = this.#options
    const encoded = await this.#encoded(examples, options)
    yield* batchesByLength(
      encoded.filter(({ labels }) => labels.length > 0),
      { batchSize: PREDICTION_BATCH, length: (x) => reader.length(x) },
    )
  }

  /** Labels that training did not meet count as errors, are left out of the loss, and are counted as `unknownLabels`. */
  async evaluate(examples: readonly E[], options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const { reader, scorer } = this.#options
    const encoded = await this.#encoded(examples, options)
    const predictions = await this.predict(encoded, options)
    const ids = encoded.flatMap(({ labels }) => labels)
    const probabilities = predictions.flatMap((prediction) => prediction.probabilities)
    const losses = ids.flatMap((id, i) => (id === IGNORED ? [] : [-Math.log(probabilities[i]![id]!)]))
    const unknownLabels = ids.length - losses.length
    return {
      ...scorer.scoreSequences(
        predictions.map(({ labels }) => labels.map((id) => this.labels[id]!)),
        examples.map((example) => reader.labelsOf(example)),
      ),
      ...(losses.length > 0 && { loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length }),
      ...(unknownLabels > 0 && { unknownLabels }),
      examples: examples.length,
    }
  }

  #encoded(examples: readonly E[], { signal }: Abortable = {}): Promise<X[]> {
    return mapInTurns(examples, (example) => this.#options.reader.encode(example), signal)
  }

  predict(examples: readonly X[], options?: EvaluateOptions): Promise<LabelIds[]> {
    const { reader, rules } = this.#options
    return predictLabels(this.#model, reader, examples, { ...options, rules })
  }

  /**
   * Each example with its right label or labels, those that are predicted with their probabilities, and the loss in nats; examples
   * whose labels training did not meet have no loss.
   *
   * @param describe the example for people
   */
  async judge(
    examples: readonly E[],
    describe: (example: E, i: number) => Row,
    { signal }: Abortable = {},
  ): Promise<Row[]> {
    const { reader } = this.#options
    const encoded = await this.#encoded(examples, { signal })
    const predictions = await this.predict(encoded, { signal })
    return predictions.map(({ labels, probabilities }, i) => {
      const gold = reader.labelsOf(examples[i]!)
      const losses = encoded[i]!.labels.flatMap((id, t) => (id === IGNORED ? [] : [-Math.log(probabilities[t]![id]!)]))
      const single = (values: readonly unknown[]) => (gold.length === 1 ? values[0] : values)
      return {
        ...describe(examples[i]!, i),
        gold: single(gold),
        prediction: single(labels.map((id) => this.labels[id]!)),
        score: single(labels.map((id, t) => probabilities[t]![id]!)),
        loss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      }
    })
  }

  /** The vectors from which the model scores the labels of examples that have one label each. */
  async vectors(examples: readonly E[], options?: Abortable): Promise<LabeledVector[]> {
    const { reader } = this.#options
    const encoded = await this.#encoded(examples, options)
    const vectors = await summaryVectors(this.#model, (some) => reader.collate(some), encoded, options)
    return vectors.map((vector, i) => ({ vector, label: reader.labelsOf(examples[i]!)[0] ?? '' }))
  }

  /** Labels of examples in a random order, the right ones and those that are predicted. */
  async predictShuffled(
    examples: readonly E[],
    rng: RandomStream,
    { signal }: Abortable = {},
  ): Promise<PredictedExamples<E>> {
    const { reader } = this.#options
    const shuffled = rng.shuffled(examples)
    const encoded = await this.#encoded(shuffled, { signal })
    const predictions = await this.predict(encoded, { signal })
    return {
      examples: shuffled,
      expected: shuffled.map((example) => reader.labelsOf(example)),
      predicted: predictions.map(({ labels }) => labels.map((id) => this.labels[id]!)),
      probabilities: predictions.map(({ probabilities }) => probabilities),
    }
  }

  /** The mistakes with the highest loss; none where there are none. See {@link worstMistakes}. */
  mistakes(predictions: PredictedExamples<E>, describe: (example: E, t: number) => MistakenExample): MistakesExhibit[] {
    return worstMistakes(predictions, this.labels, describe)
  }

  /** The confusion matrix of known labels; none where the labels are too many to read. */
  confusion(examples: readonly E[], predicted: readonly (readonly string[])[]): ConfusionExhibit[] {
    if (this.labels.length > MOST_SHOWN_LABELS) return []
    const known = new Set(this.labels)
    const pairs = examples
      .flatMap((example) => this.#options.reader.labelsOf(example))
      .map((expected, i) => ({ expected, i }))
      .filter(({ expected }) => known.has(expected))
    if (pairs.length === 0) return []
    const given = predicted.flat()
    const { counts } = confusionMatrix(
      pairs.map(({ i }) => given[i]!),
      pairs.map(({ expected }) => expected),
      [...this.labels],
    )
    return [{ kind: 'confusion', title: 'True label by predicted label', labels: this.labels, counts }]
  }
}

/** The likelihood of a whole sequence has no weights of single labels. */
function checkChainOptions<E, X>({ labelSmoothing, classWeights, where = 'labeling' }: LabelingOptions<E, X>): void {
  if (labelSmoothing === 0 && classWeights === undefined) return
  const setting = classWeights === undefined ? 'labelSmoothing' : 'classWeights'
  throw new HeddleError(
    'config',
    `${where}: expected training.${setting} without a CRF, got both. Leave it out, or set model.scoring=softmax.`,
  )
}
