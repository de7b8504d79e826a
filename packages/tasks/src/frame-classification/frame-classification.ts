import { HeddleError } from '@heddle/core'
import { type DataFile, type GrayPicture, grayClip, type LabeledPicture, parseIdx, readClipFolder } from '@heddle/data'
import * as z from 'zod'
import { contentHash, dataMeasuring } from '../check/facts.ts'
import type { PicturesExhibit } from '../exhibits/pictures.ts'
import { Labeling } from '../labeling/labeling.ts'
import { formatLabel, labelsIn, stepsRow } from '../labeling/labels.ts'
import { PictureReader } from '../labeling/picture-reader.ts'
import { learnPictureScale, type PictureScale, pictureScaleAsset } from '../labeling/picture-scale.ts'
import { readIdxInputs } from '../labeling/read-idx-inputs.ts'
import { labelTrainingFields } from '../labeling/settings.ts'
import { splitAtRandom } from '../run/dataset.ts'
import { labelsAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { judging } from '../uses/judge.ts'

const SHOWN_CLIPS = 6

const config = z.strictObject({
  model: part
    .prefault('recurrent-tagger')
    .describe('a model that reads vectors and scores labels, for each or for all together: its type and settings'),
  labels: z
    .enum(['frames', 'clips'])
    .default('frames')
    .describe('unit that has a label: every frame of a clip, or the clip as a whole'),
  training: z.strictObject(labelTrainingFields).prefault({}).describe('steps, batches, learning rate and validation'),
  metrics: metricList(['accuracy', 'f1']),
})

interface Assets {
  readonly labels: readonly string[]
  readonly scale: PictureScale
}

/** The predicted label of a frame, or of a clip. */
export interface FrameLabel {
  readonly label: string
  readonly score: number
}

/** Frame classification: a label for every frame of a clip, or one for all frames together. */
export const frameClassification = defineTask({
  name: 'frame-classification',
  summary: 'a label for every frame of a clip, or for the whole clip',
  unit: 'frames',
  config,
  assets: { labels: labelsAsset(), scale: pictureScaleAsset },

  learn: (train: readonly LabeledPicture[]): Assets => ({
    labels: labelsIn(train.flatMap(({ labels }) => labels)),
    scale: learnPictureScale(train, 'frame-classification'),
  }),

  sizes: ({ labels, scale }) => ({
    input: {
      featureSize: scale.width * scale.height,
      frame: { height: scale.height, width: scale.width, channels: 1 },
    },
    numLabels: labels.length,
  }),

  facts: ({ pixels, labels }) => ({ input: contentHash(pixels), answer: labels, isLabeled: true }),

  // Copies of a clip stay in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ pixels }) => contentHash(pixels)),

  pipeline({
    model,
    assets: { labels, scale },
    config: { labels: labeled, training, metrics },
    registry,
    where,
  }): Pipeline<LabeledPicture, GrayPicture, readonly FrameLabel[]> {
    const featureSize = scale.width * scale.height
    const isWhole = labeled === 'clips'
    const unit = isWhole ? 'sequence' : 'step'
    const reader = new PictureReader({ scale, labels, unit, featureSize, shift: 0, where })
    const scorer = new Scorer<string>(metrics, registry)
    const learning = new Labeling({ model, labels, reader, scorer, where, ...training })
    return {
      learning,
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      async predict(clips, options) {
        const encoded = clips.map((clip) => reader.encode({ ...clip, labels: [''] }))
        const predictions = await learning.predict(encoded, options)
        return predictions.map(({ labels: ids, probabilities }) =>
          ids.map((id, t) => ({ label: labels[id]!, score: probabilities[t]![id]! })),
        )
      },
      input: { kind: 'file', isFolder: true, read: (file) => readClip(file, scale), readAll: readIdxInputs(4) },
      row: stepsRow,
      format: (frames) => frames.map(isWhole ? formatLabel : ({ label }) => label).join(' '),
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const mistakes = learning.mistakes(shown, (clip, t) => ({ picture: frameOf(clip, t) }))
        return [films(examples, predicted), ...learning.confusion(examples, predicted), ...mistakes]
      },
      abilities: [
        judging.of({
          judge: (examples: readonly LabeledPicture[], options?: Abortable) =>
            learning.judge(examples, () => ({}), options),
        }),
        dataMeasuring.of({ evenLoss: Math.log(labels.length) }),
      ],
    }
  },
})

/** A clip without labels: the PNG files of a folder, scaled to the size of training, or an IDX file [T, height, width]. */
async function readClip(file: DataFile, scale: PictureScale): Promise<GrayPicture> {
  if ((await file.files?.()) !== undefined) return grayClip(await readClipFolder(file, scale))
  const { shape, data } = await parseIdx(await file.bytes(), { file: file.name })
  if (shape.length !== 3 || !(data instanceof Uint8Array) || data.length === 0) {
    throw new HeddleError(
      'data',
      `${file.name}: expected a clip of bytes [T, height, width], got the shape [${shape.join(', ')}]. Write each clip into a file of its own.`,
    )
  }
  const [, height, width] = shape as [number, number, number]
  return { pixels: data, width, height }
}

/** A frame of a clip, from 0 to 1. The label of a whole clip is shown at its first frame. */
function frameOf({ width, height, pixels }: GrayPicture, t: number) {
  const frame = pixels.subarray(t * width * height, (t + 1) * width * height)
  return { width, height, pixels: Array.from(frame, (pixel) => pixel / 255) }
}

/** Strips of frames with their labels; the label of a whole clip is at its first frame. */
function films(clips: readonly LabeledPicture[], predicted: readonly (readonly string[])[]): PicturesExhibit {
  const { width, height } = clips[0]!
  const size = width * height
  const strips = clips.slice(0, SHOWN_CLIPS).map(({ pixels, labels }, i) =>
    Array.from({ length: pixels.length / size }, (_, t) => ({
      pixels: frameOf({ width, height, pixels }, t).pixels,
      label: predicted[i]![t] ?? '',
      ...(labels[t] !== undefined && { expected: labels[t] }),
    })),
  )
  return { kind: 'pictures', title: 'Unseen clips', width, height, strips }
}
