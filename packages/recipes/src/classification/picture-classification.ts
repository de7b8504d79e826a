import type { PartSpec, RandomStream } from '@heddle/core'
import {
  type DataFile,
  type DataSource,
  type LabelledPicture,
  type ReadExamples,
  readIdxPictures,
  type Split,
  splitExamples,
} from '@heddle/data'
import type { Module } from '@heddle/layers'
import * as z from 'zod'
import { heldOut } from '../dataset.ts'
import type { Exhibit } from '../exhibit.ts'
import { openedFiles, type Predictor } from '../predictor.ts'
import type { Dataset, MetricInfo, Recipe, RunFiles } from '../recipe.ts'
import { type TrainingDefaults, type TrainingSettings, trainingFields } from '../training-settings.ts'
import { heldOutFields, heldOutShare } from '../writing/writing-settings.ts'
import { majorityAccuracy, nearestMeanAccuracy } from './baselines.ts'
import { ClassificationPipeline, type LabelPrediction, predictLabels } from './classification-pipeline.ts'
import type { LabellingModel } from './classification-task.ts'
import { type LabelledBatch, type LabelledPart, type LabelledSequence, vectorBatch } from './labelled-batch.ts'
import { CLASSIFICATION_MONITORS, classificationMetrics, labelIds } from './labels.ts'
import { checkSize, type Pixels, pictureFiles, readPictureFile } from './picture-file.ts'

export interface PictureClassificationDefaults extends Omit<TrainingDefaults, 'monitors'> {
  readonly validation: number
  readonly test: number
  readonly batchSize: number
  /** Of what reads both ways: what that means, for help texts. */
  readonly bidirectional: string
}

/** The config fields of recipes that read pictures as sequences. */
export function pictureClassificationFields(defaults: PictureClassificationDefaults) {
  const part = z.union([z.string(), z.looseObject({ type: z.string() })])
  return {
    ...heldOutFields(defaults),
    hiddenSize: z.int().min(1).default(128).describe('features of the hidden state of each direction'),
    numLayers: z.int().min(1).default(2).describe('recurrent layers'),
    cell: part.default('gru').describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
    bidirectional: z.boolean().default(true).describe(defaults.bidirectional),
    dropout: z.number().min(0).max(1).default(0.1).describe('dropout of steps, between layers and before the output'),
    labelSmoothing: z.number().min(0).max(1).default(0).describe('share of the probability spread over all labels'),
    batchSize: z.int().min(1).default(defaults.batchSize).describe('examples in a batch'),
    ...trainingFields({ ...defaults, monitors: CLASSIFICATION_MONITORS }),
  }
}

export interface PictureClassificationConfig extends TrainingSettings {
  readonly validation: number
  readonly test: number
  readonly hiddenSize: number
  readonly numLayers: number
  readonly cell: string | PartSpec
  readonly bidirectional: boolean
  readonly dropout: number
  readonly labelSmoothing: number
  readonly batchSize: number
}

/** What one recipe is about. */
export interface PictureSubject<E extends Pixels> {
  readonly name: string
  /** What has a label, in the plural. */
  readonly labelled: string
  /** The accuracy on the built-in data. */
  readonly expected: number
  readonly dataFormat: string
  /** Whether an example has one label, or each of its steps has. */
  readonly part: LabelledPart
  builtIn(seed: number): E[]
  fromIdx(pictures: LabelledPicture): E
  labelsOf(example: E): readonly string[]
  /** Numbers that the model reads in one step. */
  featureSize(size: Pick<Pixels, 'width' | 'height'>): number
  /** The model but for what every one has. */
  model(featureSize: number, numLabels: number): PartSpec
  /** Changes the pixels of a training example at random each time that it is drawn. */
  augment?(pixels: Uint8Array, size: Pick<Pixels, 'width' | 'height'>, rng: RandomStream): Uint8Array
  /** An example without labels from a file, brought to that size where that can be done. */
  readFile(file: DataFile, size: Pick<Pixels, 'width' | 'height'>): Promise<Pixels>
  /** @param given the labels that the model gives, in the order of the examples */
  show(examples: readonly E[], given: readonly (readonly string[])[]): Exhibit[]
}

/** Pictures, or clips of them, read as sequences: many to one, or many to many in step. */
export class PictureClassification<E extends Pixels> implements Recipe<E, LabelledSequence, LabelledBatch> {
  readonly training: PictureClassificationConfig
  readonly metrics: readonly MetricInfo[]
  readonly dataFormat: string
  readonly #config: PictureClassificationConfig
  readonly #subject: PictureSubject<E>

  constructor(config: PictureClassificationConfig, subject: PictureSubject<E>) {
    this.#config = config
    this.#subject = subject
    this.training = config
    this.metrics = classificationMetrics(subject.labelled, subject.expected)
    this.dataFormat = subject.dataFormat
  }

  builtIn(seed: number): E[] {
    return this.#subject.builtIn(seed)
  }

  async read(source: DataSource): Promise<ReadExamples<E>> {
    const { name: where, part, fromIdx } = this.#subject
    const { examples, notes } = await readIdxPictures(source, { where, clips: part === 'step' })
    return { examples: examples.map(fromIdx), notes }
  }

  split(examples: readonly E[], seed: number): Split<E> {
    const [validation, test] = [this.#config.validation, this.#config.test].map((wanted) =>
      heldOutShare(wanted, examples.length),
    ) as [number, number]
    return splitExamples(examples, { validation, test, seed })
  }

  fit(train: readonly E[]): RunFiles {
    const { name, labelsOf } = this.#subject
    return pictureFiles(train, train.flatMap(labelsOf), name)
  }

  model(files: RunFiles): PartSpec {
    const { labels, ...size } = readPictureFile(files, this.#subject.name)
    const { hiddenSize, numLayers, cell, bidirectional, dropout } = this.#config
    const spec = this.#subject.model(this.#subject.featureSize(size), labels.length)
    return { ...spec, hiddenSize, numLayers, cell, bidirectional, dropout }
  }

  pipeline(model: Module, files: RunFiles): ClassificationPipeline<E, LabelledSequence> {
    const { name, part, augment, show } = this.#subject
    const { labels, width, height, mean, deviation } = readPictureFile(files, name)
    const { batchSize, labelSmoothing } = this.#config
    const size = { width, height }
    const featureSize = this.#subject.featureSize(size)
    const encode = this.#encoder(labels)
    const parts = {
      model: model as LabellingModel,
      collate: (examples: readonly LabelledSequence[]) => vectorBatch(examples, part, { featureSize, mean, deviation }),
      length: ({ input }: LabelledSequence) => input.length / featureSize,
    }
    const names = (predictions: readonly LabelPrediction[]) =>
      predictions.map((prediction) => prediction.labels.map((id) => labels[id]!))
    return new ClassificationPipeline({
      ...parts,
      labels,
      batchSize,
      labelSmoothing,
      encode: (example: E) => {
        checkSize(example, size, name)
        return encode(example)
      },
      ...(augment !== undefined && {
        augment: ({ input, labels }: LabelledSequence, rng: RandomStream) => ({
          input: augment(input as Uint8Array, size, rng),
          labels,
        }),
      }),
      show: (examples, predictions) => show(examples, names(predictions)),
      predictor: this.#predictor(parts, labels, size),
    })
  }

  /** What can be told from each picture alone, by the nearest mean of the training pictures of a label. */
  async baseline(dataset: Dataset<E>): Promise<Record<string, number>> {
    const { labels } = readPictureFile(this.fit(dataset.train), this.#subject.name)
    const encode = this.#encoder(labels)
    // Each label with its own share of the pixels.
    const single = (examples: readonly E[]): LabelledSequence[] =>
      examples.map(encode).flatMap(({ input, labels }) => {
        const size = input.length / labels.length
        return labels.map((label, t) => ({
          input: (input as Uint8Array).subarray(t * size, (t + 1) * size),
          labels: [label],
        }))
      })
    const [train, test] = [single(dataset.train), single(heldOut(dataset).examples)]
    return {
      accuracy: nearestMeanAccuracy(train, test, labels.length),
      majorityAccuracy: majorityAccuracy(train, test),
    }
  }

  #encoder(labels: readonly string[]): (example: E) => LabelledSequence {
    const idOf = labelIds(labels)
    return (example) => ({ input: example.pixels, labels: this.#subject.labelsOf(example).map(idOf) })
  }

  #predictor(
    parts: Parameters<typeof predictLabels<LabelledSequence>>[0],
    labels: readonly string[],
    size: Pick<Pixels, 'width' | 'height'>,
  ): Predictor {
    const { name, readFile } = this.#subject
    return {
      predict: async (inputs, options) => {
        const encoded: LabelledSequence[] = []
        for (const file of openedFiles(inputs, options)) {
          const picture = await readFile(file, size)
          checkSize(picture, size, `${name}: ${file.name}`)
          encoded.push({ input: picture.pixels, labels: [] })
        }
        const predictions = await predictLabels(parts, encoded)
        return predictions.map(({ labels: ids, probabilities }) => {
          const steps = ids.map((id, t) => ({ label: labels[id]!, probability: probabilities[t]![id]! }))
          const [only] = steps
          if (this.#subject.part === 'step') return { text: steps.map(({ label }) => label).join(' '), json: steps }
          return { text: `${only!.label} (${Math.round(100 * only!.probability)} %)`, json: only! }
        })
      },
    }
  }
}
