import type { RandomStream } from '@heddle/core'
import { type DataFile, readPicture, type StyledPicture } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { type Tokenizer, trainWordTokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import type { AttendedPictureExhibit } from '../exhibits/attended-picture.ts'
import type { Exhibit } from '../exhibits/exhibit.ts'
import type { SamplesExhibit } from '../exhibits/samples.ts'
import { SequenceToText, type TextPair, type WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { decodingSettings, trainingSettings } from '../sequence-to-text/settings.ts'
import { TARGET_TOKENS } from '../sequence-to-text/target-tokens.ts'
import { forData, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { describing } from '../uses/describe.ts'
import { type ColorScale, colorScaleAsset, learnColorScale, PictureSource } from './picture-source.ts'

const SHOWN = 12
const SHOWN_PICTURES = 8

const strength = z.number().min(0).max(1)

const config = z.strictObject({
  model: part
    .default({ type: 'recurrent-seq2seq', encoder: { type: 'convolutional' }, bridge: 'linear' })
    .describe('an encoder-decoder that reads pictures: its type and settings'),
  augmentation: z
    .strictObject({
      geometry: strength.default(0.5).describe('strength of rotation, shift and scaling of training pictures'),
      color: strength.default(0.5).describe('strength of color changes of training pictures'),
      outline: strength.default(0.3).describe('share of training pictures that are redrawn with outlines'),
    })
    .prefault({})
    .describe('random changes of training pictures'),
  training: trainingSettings,
  decoding: decodingSettings,
  metrics: metricList(['exactMatch', 'chrf']),
})

interface Assets {
  readonly tokenizer: Tokenizer
  readonly scale: ColorScale
}

/** A model whose encoder reads a picture as a grid of regions says how many. */
interface RegionModel extends Module {
  readonly encoder?: { readonly grid?: readonly [rows: number, columns: number] }
}

export interface ImageToTextPipeline extends Pipeline<TextPair<StyledPicture>, StyledPicture, WrittenText> {
  score(texts: readonly string[], examples: readonly TextPair<StyledPicture>[]): Record<string, number>
}

/**
 * Image to text: a picture's caption, with attention over the regions of the picture.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention"
 */
export const imageToText = defineTask({
  name: 'image-to-text',
  summary: 'writes captions of color pictures',
  unit: 'tokens',
  config,
  assets: { tokenizer: tokenizerAsset(), scale: colorScaleAsset },

  learn: (train: readonly TextPair<StyledPicture>[]): Assets => ({
    scale: learnColorScale(train.map(({ source }) => source)),
    tokenizer: forData(
      trainWordTokenizer(
        train.map(({ target }) => target),
        { specialTokens: TARGET_TOKENS },
      ),
    ),
  }),

  sizes: ({ tokenizer, scale: { height, width } }) => ({
    source: { height, width, channels: 3 },
    target: { vocabSize: tokenizer.vocabSize },
  }),

  pipeline({ model, assets: { tokenizer: target, scale }, config, registry, where }): ImageToTextPipeline {
    const grid = (model as RegionModel).encoder?.grid ?? [1, 1]
    const reader = new PictureSource(scale, config.augmentation, grid)
    const scorer = new Scorer<string>(config.metrics, registry)
    const learning = new SequenceToText({ model, target, reader, scorer, config, where })
    const read = (file: DataFile) => readPicture(file, scale)
    return {
      learning,
      metrics: learning.metrics,
      evaluate: (examples, options) => learning.evaluate(examples, options),
      score: (texts, examples) => learning.score(texts, examples),
      predict: (pictures) => learning.write(pictures),
      input: { kind: 'file', read },
      format: ({ text }) => text,
      demonstrate: (examples, rng) => demonstrate(learning, grid, examples, rng),
      abilities: [
        describing.of({
          async describe(files, options) {
            const pictures: StyledPicture[] = []
            for (const file of files) pictures.push(await read(file))
            return learning.write(pictures, options)
          },
        }),
      ],
    }
  },
})

async function demonstrate(
  learning: SequenceToText<StyledPicture, Float32Array>,
  [rows, columns]: readonly [rows: number, columns: number],
  examples: readonly TextPair<StyledPicture>[],
  rng: RandomStream,
): Promise<Exhibit[]> {
  const shown = rng.shuffled(examples).slice(0, SHOWN)
  const written = await learning.write(shown.map(({ source }) => source))
  const samples: SamplesExhibit = {
    kind: 'samples',
    title: 'Unseen pictures',
    samples: shown.map(({ source, target }, i) => ({ input: source.name, output: written[i]!.text, expected: target })),
  }
  const attended = shown.slice(0, SHOWN_PICTURES).flatMap(({ source, target }, i): AttendedPictureExhibit[] => {
    const { text, attention } = written[i]!
    if (attention === undefined) return []
    const { width, height, pixels } = source
    return [
      {
        kind: 'attended-picture',
        title: text,
        width,
        height,
        pixels: Array.from(pixels, (value) => Math.round(255 * value)),
        rows,
        columns,
        words: attention.target,
        weights: attention.weights,
        expected: target,
      },
    ]
  })
  return [samples, ...attended]
}
