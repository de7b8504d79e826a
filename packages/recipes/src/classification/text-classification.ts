import type { PartSpec, RandomStream } from '@heddle/core'
import { type DataSource, type ReadExamples, type Split, splitExamples } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { heldOut } from '../dataset.ts'
import type { Exhibit } from '../exhibit.ts'
import type { Prediction } from '../predictor.ts'
import type { Dataset, MetricInfo, Recipe, RunFiles } from '../recipe.ts'
import { type TrainingDefaults, type TrainingSettings, trainingFields } from '../training-settings.ts'
import { majorityAccuracy, naiveBayesAccuracy } from './baselines.ts'
import { ClassificationPipeline, type LabelPrediction, predictLabels } from './classification-pipeline.ts'
import type { LabellingModel } from './classification-task.ts'
import { type LabelledBatch, type LabelledSequence, tokenBatch } from './labelled-batch.ts'
import { CLASSIFICATION_MONITORS, labelIds, labelsOf, savedLabels } from './labels.ts'

const SHOWN_SAMPLES = 24

/** A text with its class. */
export interface LabelledText {
  readonly text: string
  readonly label: string
}

export interface TextClassificationDefaults extends Omit<TrainingDefaults, 'monitors'> {
  readonly embeddingSize: number
  readonly hiddenSize: number
  readonly dropout: number
  readonly tokenDropout: number
  readonly pooling: 'last' | 'mean' | 'max'
  readonly heldOut: number
  readonly batchSize: number
}

/** The config fields of recipes that classify texts, character by character. */
export function textClassificationFields(defaults: TextClassificationDefaults) {
  const part = z.union([z.string(), z.looseObject({ type: z.string() })])
  const share = z.number().positive().default(defaults.heldOut)
  return {
    validation: share.describe('texts held out for validation: a number, or a share below 1'),
    test: share.describe('texts held out for the test: a number, or a share below 1'),
    maxLength: z.int().min(1).default(200).describe('characters of a text that are read; the rest is cut off'),
    embeddingSize: z.int().min(1).default(defaults.embeddingSize).describe('size of a character vector'),
    hiddenSize: z.int().min(1).default(defaults.hiddenSize).describe('features of the hidden state of each direction'),
    numLayers: z.int().min(1).default(1).describe('recurrent layers'),
    cell: part.default('lstm').describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
    bidirectional: z.boolean().default(true).describe('whether texts are also read from their ends'),
    pooling: z
      .enum(['last', 'mean', 'max'])
      .default(defaults.pooling)
      .describe('what stands for a text: the last state, or the mean or maximum of all'),
    dropout: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.dropout)
      .describe('dropout of character vectors, between layers and before the output'),
    tokenDropout: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.tokenDropout)
      .describe('share of the characters that training makes unknown, so that unknown ones have a meaning'),
    labelSmoothing: z.number().min(0).max(1).default(0).describe('share of the probability spread over all labels'),
    batchSize: z.int().min(1).default(defaults.batchSize).describe('texts in a batch'),
    ...trainingFields({ ...defaults, monitors: CLASSIFICATION_MONITORS }),
  }
}

export interface TextClassificationConfig extends TrainingSettings {
  readonly validation: number
  readonly test: number
  readonly maxLength: number
  readonly embeddingSize: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly cell: string | PartSpec
  readonly bidirectional: boolean
  readonly pooling: 'last' | 'mean' | 'max'
  readonly dropout: number
  readonly tokenDropout: number
  readonly labelSmoothing: number
  readonly batchSize: number
}

/** What one recipe is about. */
export interface TextSubject {
  readonly name: string
  readonly metrics: readonly MetricInfo[]
  readonly dataFormat: string
  builtIn(seed: number): LabelledText[]
  read(source: DataSource): Promise<ReadExamples<LabelledText>>
}

/** Many to one: texts are read character by character and then classified. */
export class TextClassification implements Recipe<LabelledText, LabelledSequence, LabelledBatch> {
  readonly training: TextClassificationConfig
  readonly metrics: readonly MetricInfo[]
  readonly dataFormat: string
  readonly #config: TextClassificationConfig
  readonly #subject: TextSubject

  constructor(config: TextClassificationConfig, subject: TextSubject) {
    this.#config = config
    this.#subject = subject
    this.training = config
    this.metrics = subject.metrics
    this.dataFormat = subject.dataFormat
  }

  builtIn(seed: number): LabelledText[] {
    return this.#subject.builtIn(seed)
  }

  read(source: DataSource): Promise<ReadExamples<LabelledText>> {
    return this.#subject.read(source)
  }

  /** A text that stands in the data several times stays in one part. */
  split(examples: readonly LabelledText[], seed: number): Split<LabelledText> {
    const share = (wanted: number) => (wanted >= 1 && wanted > examples.length / 5 ? 0.1 : wanted)
    const { validation, test } = this.#config
    return splitExamples(examples, {
      validation: share(validation),
      test: share(test),
      seed,
      groupBy: ({ text }) => text,
    })
  }

  fit(train: readonly LabelledText[]): RunFiles {
    const labels = labelsOf(
      train.map(({ label }) => label),
      this.#subject.name,
    )
    const tokenizer = trainCharTokenizer(
      train.map(({ text }) => text),
      { specialTokens: ['<pad>', '<unk>'] },
    )
    return { 'tokenizer.json': tokenizer.toJSON(), 'labels.json': labels }
  }

  model(files: RunFiles): PartSpec {
    const { tokenizer, labels } = this.#files(files)
    const { embeddingSize, hiddenSize, numLayers, cell, bidirectional, pooling, dropout } = this.#config
    return {
      type: 'recurrent-classifier',
      input: { vocabSize: tokenizer.vocabSize },
      numLabels: labels.length,
      embeddingSize,
      hiddenSize,
      numLayers,
      cell,
      bidirectional,
      pooling,
      dropout,
    }
  }

  pipeline(model: Module, files: RunFiles): ClassificationPipeline<LabelledText, LabelledSequence> {
    const { tokenizer, labels } = this.#files(files)
    const { batchSize, labelSmoothing, tokenDropout } = this.#config
    const encode = this.#encoder(tokenizer, labels)
    const unknown = tokenizer.tokenToId('<unk>')!
    const parts = {
      model: model as LabellingModel,
      collate: (examples: readonly LabelledSequence[]) =>
        tokenBatch(examples, 'sequence', tokenizer.tokenToId('<pad>')!),
      length: ({ input }: LabelledSequence) => input.length,
    }
    return new ClassificationPipeline({
      ...parts,
      labels,
      batchSize,
      labelSmoothing,
      encode,
      show: (examples, predictions) => [samples(examples, predictions, labels)],
      ...(tokenDropout > 0 && {
        augment: ({ input, labels }: LabelledSequence, rng: RandomStream) => ({
          input: Array.from(input, (id) => (rng.uniform() < tokenDropout ? unknown : id)),
          labels,
        }),
      }),
      predictor: {
        predict: async (inputs) => {
          const encoded = inputs.map((text) => encode({ text, label: labels[0]! }))
          const predictions = await predictLabels(parts, encoded)
          return predictions.map((prediction) => predictionOf(prediction, labels))
        },
      },
    })
  }

  async baseline(dataset: Dataset<LabelledText>): Promise<Record<string, number>> {
    const { tokenizer, labels } = this.#files(this.fit(dataset.train))
    const encode = this.#encoder(tokenizer, labels)
    const [train, test] = [dataset.train.map(encode), heldOut(dataset).examples.map(encode)]
    const sizes = { vocabSize: tokenizer.vocabSize, numLabels: labels.length }
    return { accuracy: naiveBayesAccuracy(train, test, sizes), majorityAccuracy: majorityAccuracy(train, test) }
  }

  #encoder(tokenizer: Tokenizer, labels: readonly string[]): (example: LabelledText) => LabelledSequence {
    const idOf = labelIds(labels)
    const unknown = tokenizer.tokenToId('<unk>')!
    return ({ text, label }) => {
      const ids = tokenizer.encodeIds(text).slice(0, this.#config.maxLength)
      // An empty text still has a step to be read.
      return { input: ids.length > 0 ? ids : [unknown], labels: [idOf(label)] }
    }
  }

  #files(files: RunFiles): { tokenizer: Tokenizer; labels: readonly string[] } {
    return {
      tokenizer: Tokenizer.fromJSON(files['tokenizer.json']),
      labels: savedLabels(files['labels.json'], `${this.#subject.name}: labels.json`),
    }
  }
}

function predictionOf(
  { labels: [id], probabilities: [values] }: LabelPrediction,
  labels: readonly string[],
): Prediction {
  const label = labels[id!]!
  const probability = values![id!]!
  return {
    text: `${label} (${Math.round(100 * probability)} %)`,
    json: { label, probability, probabilities: Object.fromEntries(labels.map((name, i) => [name, values![i]!])) },
  }
}

function samples(
  examples: readonly LabelledText[],
  predictions: readonly LabelPrediction[],
  labels: readonly string[],
): Exhibit {
  return {
    kind: 'samples',
    title: 'Unseen texts',
    samples: examples.slice(0, SHOWN_SAMPLES).map(({ text, label }, i) => ({
      input: text,
      output: labels[predictions[i]!.labels[0]!]!,
      expected: label,
    })),
  }
}
