import { RandomStream } from '@heddle/core'
import { parsePng, resizePicture, shiftPicture } from '@heddle/data'
import { drawnDigits } from '@heddle/synthetic'
import * as z from 'zod'
import type { PicturesExhibit } from '../classification/class-exhibits.ts'
import {
  PictureClassification,
  type PictureSubject,
  pictureClassificationFields,
} from '../classification/picture-classification.ts'
import { recipePoint } from '../recipe.ts'
import type { LabelledImage } from './images.ts'

const STRIPS = { number: 4, length: 10 }

export const rowsConfig = z.strictObject({
  images: z.int().min(100).default(6000).describe('how many pictures of built-in data are drawn'),
  size: z.int().min(8).default(20).describe('their width and height in pixels'),
  shift: z.int().min(0).default(2).describe('pixels by which training moves pictures at random, in both directions'),
  ...pictureClassificationFields({
    validation: 5000,
    test: 5000,
    bidirectional: 'whether rows are also read from the bottom',
    batchSize: 128,
    steps: 2500,
    learningRate: 3e-3,
    warmupSteps: 100,
    evaluateEvery: 500,
  }),
})
export type RowsConfig = z.output<typeof rowsConfig>

/**
 * Many to one: a picture is read as a sequence, one row of pixels a step, and then classified.
 *
 * @see Le, Jaitly & Hinton 2015, "A simple way to initialize recurrent networks of rectified linear units", for pictures as
 * sequences
 */
const subject = ({ images, size, shift }: RowsConfig): PictureSubject<LabelledImage> => ({
  name: 'rows',
  labelled: 'pictures',
  expected: 0.97,
  dataFormat: 'two IDX files, pictures and labels, or a folder that holds them; also packed by gzip',
  part: 'sequence',
  builtIn: (seed) => drawnDigits(images, new RandomStream(seed), { size }),
  fromIdx: ({ labels: [label], ...picture }) => ({ ...picture, label: label! }),
  labelsOf: ({ label }) => [label],
  featureSize: ({ width }) => width,
  model: (featureSize, numLabels) => ({
    type: 'recurrent-classifier',
    input: { featureSize },
    numLabels,
    pooling: 'last',
  }),
  ...(shift > 0 && { augment: (pixels, size, rng) => shiftPicture(pixels, size, shift, rng) }),
  readFile: async (file, { width, height }) => {
    const { pixels } = resizePicture(parsePng(await file.bytes(), { file: file.name }), width, height)
    const grey = (i: number) => (pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!) / 3
    return { width, height, pixels: Uint8Array.from({ length: width * height }, (_, i) => Math.round(255 * grey(i))) }
  },
  show: (examples, given) => [pictures(examples, given)],
})

function pictures(examples: readonly LabelledImage[], given: readonly (readonly string[])[]): PicturesExhibit {
  const shown = examples.slice(0, STRIPS.number * STRIPS.length).map(({ pixels, label }, i) => ({
    pixels: Array.from(pixels, (pixel) => pixel / 255),
    label: given[i]![0]!,
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
  create: (config) => new PictureClassification(config, subject(config)),
})
