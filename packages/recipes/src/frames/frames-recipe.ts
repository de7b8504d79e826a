import { HeddleError, type PartSpec } from '@heddle/core'
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
import { generateClips, type LabelledClip } from './clips.ts'

const SHOWN_CLIPS = 6

export const framesConfig = z.strictObject({
  clips: z.int().min(50).default(3000).describe('how many clips of built-in data are drawn'),
  frames: z.int().min(2).default(20).describe('frames of each'),
  size: z.int().min(8).default(12).describe('width and height of a frame in pixels'),
  validation: z
    .number()
    .positive()
    .default(0.1)
    .describe('clips held out for validation: a number, or a share below 1'),
  test: z.number().positive().default(0.1).describe('clips held out for the test: a number, or a share below 1'),
  hiddenSize: z.int().min(1).default(128).describe('features of the hidden state of each direction'),
  numLayers: z.int().min(1).default(2).describe('recurrent layers'),
  cell: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .default('gru')
    .describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
  bidirectional: z.boolean().default(true).describe('whether a label may depend on later frames'),
  dropout: z.number().min(0).max(1).default(0.1).describe('dropout of frames, between layers and before the output'),
  labelSmoothing: z.number().min(0).max(1).default(0).describe('share of the probability spread over all labels'),
  batchSize: z.int().min(1).default(64).describe('clips in a batch'),
  ...trainingFields({ steps: 1500, learningRate: 4e-3, warmupSteps: 50, evaluateEvery: 250 }),
})
export type FramesConfig = z.output<typeof framesConfig>

/** Many to many in step: a label for every frame of a film. */
export class FramesRecipe implements Recipe<LabelledClip, LabelledSequence, LabelledBatch> {
  readonly training: FramesConfig
  readonly metrics = classificationMetrics('frames', 0.95)
  readonly dataFormat = 'two IDX files, clips [N, T, height, width] and labels [N, T], or a folder that holds them'
  readonly #config: FramesConfig

  constructor(config: FramesConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): LabelledClip[] {
    const { clips, frames, size } = this.#config
    return generateClips({ count: clips, frames, size, seed })
  }

  async read(source: DataSource): Promise<ReadExamples<LabelledClip>> {
    const pairs = await idxPairs(source, { where: 'frames', valueRank: 4, labelRank: 2 })
    const examples = pairs.flatMap(({ values, labels }) => {
      const [count, frames, height, width] = values.shape as [number, number, number, number]
      const { data } = values
      if (!(data instanceof Uint8Array)) {
        throw new HeddleError('data', 'frames: expected pixels as unsigned bytes, got numbers of another type.')
      }
      const size = frames * height * width
      return Array.from({ length: count }, (_, i) => ({
        pixels: data.subarray(i * size, (i + 1) * size),
        width,
        height,
        labels: Array.from(labels.data.subarray(i * frames, (i + 1) * frames), String),
      }))
    })
    return { examples, notes: [] }
  }

  split(examples: readonly LabelledClip[], seed: number): Split<LabelledClip> {
    const { validation, test } = this.#config
    return splitExamples(examples, { validation, test, seed })
  }

  fit(train: readonly LabelledClip[]): RunFiles {
    return pictureFiles(
      train,
      train.flatMap(({ labels }) => labels),
      'frames',
    )
  }

  model(files: RunFiles): PartSpec {
    const { labels, width, height } = readPictureFile(files, 'frames')
    const { hiddenSize, numLayers, cell, bidirectional, dropout } = this.#config
    return {
      type: 'recurrent-tagger',
      input: { featureSize: width * height },
      numTags: labels.length,
      hiddenSize,
      numLayers,
      cell,
      bidirectional,
      dropout,
    }
  }

  pipeline(model: Module, files: RunFiles): ClassificationPipeline<LabelledClip, LabelledSequence> {
    const { labels, width, height, mean, deviation } = readPictureFile(files, 'frames')
    const { batchSize, labelSmoothing } = this.#config
    const featureSize = width * height
    const encode = encoder(labels)
    return new ClassificationPipeline({
      model: model as LabellingModel,
      labels,
      batchSize,
      labelSmoothing,
      encode: (clip: LabelledClip) => {
        checkSize(clip, { width, height }, 'frames')
        return encode(clip)
      },
      collate: (examples) => vectorBatch(examples, 'step', { featureSize, mean, deviation }),
      length: ({ labels }) => labels.length,
      show: (examples, predictions) => [films(examples, predictions, labels)],
    })
  }

  /** What can be told from each frame alone. */
  async baseline(dataset: Dataset<LabelledClip>): Promise<Record<string, number>> {
    const { labels, width, height } = readPictureFile(this.fit(dataset.train), 'frames')
    const encode = encoder(labels)
    const framesOf = (clips: readonly LabelledClip[]): LabelledSequence[] =>
      clips.map(encode).flatMap(({ input, labels }) =>
        labels.map((label, t) => ({
          input: (input as Uint8Array).subarray(t * width * height, (t + 1) * width * height),
          labels: [label],
        })),
      )
    const [train, test] = [framesOf(dataset.train), framesOf(heldOut(dataset).examples)]
    return {
      accuracy: nearestMeanAccuracy(train, test, labels.length),
      majorityAccuracy: majorityAccuracy(train, test),
    }
  }
}

function encoder(labels: readonly string[]): (clip: LabelledClip) => LabelledSequence {
  const idOf = labelIds(labels)
  return (clip) => ({ input: clip.pixels, labels: clip.labels.map(idOf) })
}

function films(
  clips: readonly LabelledClip[],
  predictions: readonly LabelPrediction[],
  labels: readonly string[],
): PicturesExhibit {
  const strips = clips.slice(0, SHOWN_CLIPS).map(({ pixels, width, height, labels: expected }, i) =>
    expected.map((label, t) => ({
      pixels: Array.from(pixels.subarray(t * width * height, (t + 1) * width * height), (pixel) => pixel / 255),
      label: labels[predictions[i]!.labels[t]!]!,
      expected: label,
    })),
  )
  const { width, height } = clips[0]!
  return { kind: 'pictures', title: 'Unseen clips', width, height, strips }
}

export const framesRecipe = recipePoint.of({
  name: 'frames',
  summary: 'a label for every frame of a clip (built-in: what a moving shape does)',
  config: framesConfig,
  create: (config) => new FramesRecipe(config),
})
