import { type DataFile, type GrayPicture, type LabeledPicture, parsePng, resizePicture } from '@heddle/data'
import * as z from 'zod'
import { contentHash, dataMeasuring } from '../check/facts.ts'
import type { PicturesExhibit } from '../exhibits/pictures.ts'
import { Labeling } from '../labeling/labeling.ts'
import { formatLabel, type LabelPrediction, labelPrediction, labelRow, labelsIn } from '../labeling/labels.ts'
import { PictureReader } from '../labeling/picture-reader.ts'
import { learnPictureScale, type PictureScale, type PictureSize, pictureScaleAsset } from '../labeling/picture-scale.ts'
import { readIdxInputs } from '../labeling/read-idx-inputs.ts'
import { labelTrainingFields, shiftField } from '../labeling/settings.ts'
import { splitAtRandom } from '../run/dataset.ts'
import { labelsAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { judging } from '../uses/judge.ts'
import { vectorReading } from '../uses/read-vectors.ts'

const STRIPS = { number: 4, length: 10 }

const config = z.strictObject({
  model: part
    .prefault('recurrent-classifier')
    .describe('a model that reads vectors and scores labels: its type and settings'),
  training: z
    .strictObject({ ...labelTrainingFields, shift: shiftField })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: metricList(['accuracy', 'f1']),
})

interface Assets {
  readonly labels: readonly string[]
  readonly scale: PictureScale
}

/**
 * Image classification: a picture is read as a sequence, one row of pixels a step, and then given a label.
 *
 * @see Le, Jaitly & Hinton 2015, "A simple way to initialize recurrent networks of rectified linear units"
 */
export const imageClassification = defineTask({
  name: 'image-classification',
  summary: 'one label for a gray picture',
  unit: 'pictures',
  headOnEncoder: 'classifier',
  config,
  assets: { labels: labelsAsset(), scale: pictureScaleAsset },

  learn: (train: readonly LabeledPicture[]): Assets => ({
    labels: labelsIn(train.flatMap(({ labels }) => labels)),
    scale: learnPictureScale(train, 'image-classification'),
  }),

  sizes: ({ labels, scale }) => ({ input: { featureSize: scale.width }, numLabels: labels.length }),

  facts: ({ pixels, labels: [label] }) => ({
    input: contentHash(pixels),
    ...(label !== undefined && { answer: label, isLabeled: true }),
  }),

  // Copies of a picture stay in one part.
  split: (examples, settings, seed) => splitAtRandom(examples, settings, seed, ({ pixels }) => contentHash(pixels)),

  pipeline({
    model,
    assets: { labels, scale },
    config: { training, metrics },
    registry,
    where,
  }): Pipeline<LabeledPicture, GrayPicture, LabelPrediction> {
    const { shift } = training
    const reader = new PictureReader({ scale, labels, unit: 'sequence', featureSize: scale.width, shift, where })
    const scorer = new Scorer<string>(metrics, registry)
    const learning = new Labeling({ model, labels, reader, scorer, where, ...training })
    return {
      learning,
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      async predict(pictures, options) {
        const predictions = await learning.predict(
          pictures.map((picture) => reader.encode({ ...picture, labels: [''] })),
          options,
        )
        return predictions.map((each) => labelPrediction(each.labels[0]!, each.probabilities[0]!, labels))
      },
      input: { kind: 'file', read: (file) => readGrayPicture(file, scale), readAll: readIdxInputs(3) },
      format: formatLabel,
      row: labelRow,
      async demonstrate(unseen, rng, options) {
        const shown = await learning.predictShuffled(unseen, rng, options)
        const { examples, predicted } = shown
        const mistakes = learning.mistakes(shown, (picture) => ({ picture: grayLevels(picture) }))
        return [strips(examples, predicted), ...learning.confusion(examples, predicted), ...mistakes]
      },
      abilities: [
        judging.of({
          judge: (examples: readonly LabeledPicture[], options?: Abortable) =>
            learning.judge(examples, () => ({}), options),
        }),
        dataMeasuring.of({ evenLoss: Math.log(labels.length) }),
        vectorReading.of({
          read: (pictures: readonly LabeledPicture[], options?: Abortable) => learning.vectors(pictures, options),
        }),
      ],
    }
  },
})

/** A PNG file as a gray picture of the size asked for. */
export async function readGrayPicture(file: DataFile, { width, height }: PictureSize): Promise<GrayPicture> {
  const { pixels } = resizePicture(parsePng(await file.bytes(), { file: file.name }), width, height)
  const gray = (i: number) => (pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!) / 3
  return { width, height, pixels: Uint8Array.from({ length: width * height }, (_, i) => Math.round(255 * gray(i))) }
}

/** A picture from 0 to 1. */
const grayLevels = ({ width, height, pixels }: GrayPicture) => ({
  ...{ width, height },
  pixels: Array.from(pixels, (pixel) => pixel / 255),
})

function strips(examples: readonly LabeledPicture[], predicted: readonly (readonly string[])[]): PicturesExhibit {
  const shown = examples.slice(0, STRIPS.number * STRIPS.length).map(({ pixels, labels }, i) => ({
    pixels: Array.from(pixels, (pixel) => pixel / 255),
    label: predicted[i]![0]!,
    expected: labels[0]!,
  }))
  const { width, height } = examples[0]!
  return {
    kind: 'pictures',
    title: 'Unseen pictures',
    width,
    height,
    strips: Array.from({ length: Math.ceil(shown.length / STRIPS.length) }, (_, i) =>
      shown.slice(i * STRIPS.length, (i + 1) * STRIPS.length),
    ),
  }
}
