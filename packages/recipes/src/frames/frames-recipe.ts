import { HeddleError, RandomStream } from '@heddle/core'
import { type DataFile, parseIdx } from '@heddle/data'
import { type LabeledClip, movingShapes } from '@heddle/synthetic'
import * as z from 'zod'
import type { PicturesExhibit } from '../classification/class-exhibits.ts'
import {
  PictureClassification,
  type PictureSubject,
  pictureClassificationFields,
} from '../classification/picture-classification.ts'
import type { Pixels } from '../classification/picture-file.ts'
import { recipePoint } from '../recipe.ts'

const SHOWN_CLIPS = 6

export const framesConfig = z.strictObject({
  clips: z.int().min(50).default(3000).describe('how many clips of built-in data are drawn'),
  frames: z.int().min(2).default(20).describe('frames of each'),
  size: z.int().min(8).default(12).describe('width and height of a frame in pixels'),
  ...pictureClassificationFields({
    validation: 0.1,
    test: 0.1,
    bidirectional: 'whether a label may depend on later frames',
    batchSize: 64,
    steps: 1500,
    learningRate: 4e-3,
    warmupSteps: 50,
    evaluateEvery: 250,
  }),
})
export type FramesConfig = z.output<typeof framesConfig>

/** Many to many in step: a label for every frame of a film. */
const subject = ({ clips, frames, size }: FramesConfig): PictureSubject<LabeledClip> => ({
  name: 'frames',
  labelled: 'frames',
  expected: 0.95,
  dataFormat: 'two IDX files, clips [N, T, height, width] and labels [N, T], or a folder that holds them',
  part: 'step',
  builtIn: (seed) => movingShapes(clips, new RandomStream(seed), { frames, size }),
  fromIdx: (clip) => clip,
  labelsOf: ({ labels }) => labels,
  featureSize: ({ width, height }) => width * height,
  model: (featureSize, numLabels) => ({ type: 'recurrent-tagger', input: { featureSize }, numLabels }),
  readFile: readClip,
  show: (examples, given) => [films(examples, given)],
})

/** A clip without labels: an IDX file [T, height, width]. */
async function readClip(file: DataFile): Promise<Pixels> {
  const { shape, data } = await parseIdx(await file.bytes(), { file: file.name })
  if (shape.length !== 3 || !(data instanceof Uint8Array) || data.length === 0) {
    throw new HeddleError(
      'data',
      `frames: expected a clip of bytes [T, height, width], got the shape [${shape.join(', ')}] in ${file.name}. Write each clip into a file of its own.`,
    )
  }
  const [, height, width] = shape as [number, number, number]
  return { pixels: data, width, height }
}

function films(clips: readonly LabeledClip[], given: readonly (readonly string[])[]): PicturesExhibit {
  const strips = clips.slice(0, SHOWN_CLIPS).map(({ pixels, width, height, labels: expected }, i) =>
    expected.map((label, t) => ({
      pixels: Array.from(pixels.subarray(t * width * height, (t + 1) * width * height), (pixel) => pixel / 255),
      label: given[i]![t]!,
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
  create: (config) => new PictureClassification(config, subject(config)),
})
