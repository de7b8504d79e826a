import { HeddleError, type PartSpec, type RandomStream } from '@heddle/core'
import { type Split, splitExamples } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { z } from 'zod'
import { majorityAccuracy, nearestMeanAccuracy } from '../classification/baselines.ts'
import type { PicturesExhibit } from '../classification/class-exhibits.ts'
import { ClassificationPipeline, type LabelPrediction } from '../classification/classification-pipeline.ts'
import type { LabellingModel } from '../classification/classification-task.ts'
import { idxPairs } from '../classification/idx-pairs.ts'
import { type LabelledBatch, type LabelledSequence, vectorBatch } from '../classification/labelled-batch.ts'
import { classificationMetrics, labelIds } from '../classification/labels.ts'
import { checkSize, pictureFiles, readPictureFile } from '../classification/picture-file.ts'
import type { DataSource } from '../data-source.ts'
import { heldOut } from '../dataset.ts'
import { type Dataset, type ReadExamples, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { generateDigits } from './digits.ts'
import { type LabelledImage, shifted } from './images.ts'

const STRIPS = { number: 4, length: 10 }

export const rowsConfig = z.strictObject({
  images: z.int().min(100).default(6000).describe('how many pictures of built-in data are drawn'),
  size: z.int().min(8).default(20).describe('their width and height in pixels'),
  validation: z.number().positive().default(5000).describe('pictures held out for validation: a number, or a share'),
  test: z.number().positive().default(5000).describe('pictures held out for the test: a number, or a share below 1'),
  shift: z.int().min(0).default(2).describe('pixels by which training moves pictures at random, in both directions'),
  hiddenSize: z.int().min(1).default(128).describe('features of the hidden state of each direction'),
  numLayers: z.int().min(1).default(2).describe('recurrent layers'),
  cell: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .default('gru')
    .describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
  bidirectional: z.boolean().default(true).describe('whether rows are also read from the bottom'),
  dropout: z.number().min(0).max(1).default(0.1).describe('dropout of rows, between layers and before the output'),
  labelSmoothing: z.number().min(0).max(1).default(0).describe('share of the probability spread over all labels'),
  batchSize: z.int().min(1).default(128).describe('pictures in a batch'),
  ...trainingFields({ steps: 2500, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 500 }),
})
export type RowsConfig = z.output<typeof rowsConfig>

/**
 * Many to one: a picture is read as a sequence, one row of pixels a step, and then classified.
 *
 * @see Le, Jaitly & Hinton 2015, "A simple way to initialize recurrent networks of rectified linear units", for pictures as
 * sequences
 */
export class RowsRecipe implements Recipe<LabelledImage, LabelledSequence, LabelledBatch> {
  readonly training: RowsConfig
  readonly metrics = classificationMetrics('pictures', 0.97)
  readonly dataFormat = 'two IDX files, pictures and labels, or a folder that holds them; also packed by gzip'
  readonly #config: RowsConfig

  constructor(config: RowsConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): LabelledImage[] {
    const { images, size } = this.#config
    return generateDigits({ count: images, size, seed })
  }

  async read(source: DataSource): Promise<ReadExamples<LabelledImage>> {
    const pairs = await idxPairs(source, { where: 'rows', valueRank: 3, labelRank: 1 })
    const examples = pairs.flatMap(({ values, labels }) => {
      const [count, height, width] = values.shape as [number, number, number]
      if (!(values.data instanceof Uint8Array)) {
        throw new HeddleError('data', 'rows: expected pixels as unsigned bytes, got numbers of another type.')
      }
      const pixels = values.data
      return Array.from({ length: count }, (_, i) => ({
        pixels: pixels.subarray(i * width * height, (i + 1) * width * height),
        width,
        height,
        label: String(labels.data[i]),
      }))
    })
    return { examples, notes: [] }
  }

  split(examples: readonly LabelledImage[], seed: number): Split<LabelledImage> {
    const share = (wanted: number) => (wanted >= 1 && wanted > examples.length / 10 ? 0.1 : wanted)
    const { validation, test } = this.#config
    return splitExamples(examples, { validation: share(validation), test: share(test), seed })
  }

  fit(train: readonly LabelledImage[]): RunFiles {
    return pictureFiles(
      train,
      train.map(({ label }) => label),
      'rows',
    )
  }

  model(files: RunFiles): PartSpec {
    const { labels, width } = readPictureFile(files, 'rows')
    const { hiddenSize, numLayers, cell, bidirectional, dropout } = this.#config
    return {
      type: 'recurrent-classifier',
      input: { featureSize: width },
      numClasses: labels.length,
      hiddenSize,
      numLayers,
      cell,
      bidirectional,
      pooling: 'last',
      dropout,
    }
  }

  pipeline(model: Module, files: RunFiles): ClassificationPipeline<LabelledImage, LabelledSequence> {
    const { labels, width, height, mean, deviation } = readPictureFile(files, 'rows')
    const { batchSize, labelSmoothing, shift } = this.#config
    const encode = encoder(labels)
    return new ClassificationPipeline({
      model: model as LabellingModel,
      labels,
      batchSize,
      labelSmoothing,
      encode: (image: LabelledImage) => {
        checkSize(image, { width, height }, 'rows')
        return encode(image)
      },
      collate: (examples) => vectorBatch(examples, 'sequence', { featureSize: width, mean, deviation }),
      length: () => height,
      ...(shift > 0 && {
        augment: ({ input, labels }: LabelledSequence, rng: RandomStream) => ({
          input: shifted(input as Uint8Array, { width, height }, shift, rng),
          labels,
        }),
      }),
      show: (examples, predictions) => [pictures(examples, predictions, labels)],
    })
  }

  async baseline(dataset: Dataset<LabelledImage>): Promise<Record<string, number>> {
    const { labels } = readPictureFile(this.fit(dataset.train), 'rows')
    const encode = encoder(labels)
    const [train, test] = [dataset.train.map(encode), heldOut(dataset).examples.map(encode)]
    return {
      accuracy: nearestMeanAccuracy(train, test, labels.length),
      majorityAccuracy: majorityAccuracy(train, test),
    }
  }
}

function encoder(labels: readonly string[]): (image: LabelledImage) => LabelledSequence {
  const idOf = labelIds(labels)
  return ({ pixels, label }) => ({ input: pixels, labels: [idOf(label)] })
}

function pictures(
  examples: readonly LabelledImage[],
  predictions: readonly LabelPrediction[],
  labels: readonly string[],
): PicturesExhibit {
  const shown = examples.slice(0, STRIPS.number * STRIPS.length).map(({ pixels, label }, i) => ({
    pixels: Array.from(pixels, (pixel) => pixel / 255),
    label: labels[predictions[i]!.labels[0]!]!,
    expected: label,
  }))
  const strips = Array.from({ length: Math.ceil(shown.length / STRIPS.length) }, (_, i) =>
    shown.slice(i * STRIPS.length, (i + 1) * STRIPS.length),
  )
  const { width, height } = examples[0]!
  return { kind: 'pictures', title: 'Unseen pictures', width, height, strips }
}

export const rowsRecipe = recipePoint.of({
  name: 'rows',
  summary: 'what a picture shows, read row by row (built-in: drawn digits)',
  config: rowsConfig,
  create: (config) => new RowsRecipe(config),
})
