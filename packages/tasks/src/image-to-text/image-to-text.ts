import type { RandomStream } from '@heddle/core'
import type { StyledPicture } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { type Tokenizer, trainWordTokenizerAsync } from '@heddle/tokenizer'
import * as z from 'zod'
import { contentHash } from '../check/facts.ts'
import type { AttendedPictureExhibit } from '../exhibits/attended-picture.ts'
import type { Exhibit } from '../exhibits/exhibit.ts'
import { SequenceToText, type SourceTargetPair, type WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { decodingSettings, trainingSettings } from '../sequence-to-text/settings.ts'
import { TARGET_TOKENS } from '../sequence-to-text/target-tokens.ts'
import { fileAbilities, writeSamples, writing } from '../sequence-to-text/writing.ts'
import { specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { targetTokenTable } from '../task/token-table.ts'
import { ClipSource } from './clip-source.ts'
import { type ColorScale, colorScaleAsset, learnColorScale, PictureSource } from './picture-source.ts'
import type { VisualSource } from './visual-source.ts'

const SHOWN = 12
const SHOWN_PICTURES = 8

const strength = z.number().min(0).max(1)

const config = z.strictObject({
  model: part
    .default({ type: 'recurrent-seq2seq', encoder: { type: 'convolutional' }, bridge: 'linear' })
    .describe('an encoder-decoder that reads pictures, or clips: its type and settings'),
  source: z
    .enum(['pictures', 'clips'])
    .default('pictures')
    .describe('kind of input: pictures, read region by region, or clips, read frame by frame'),
  augmentation: z
    .strictObject({
      geometry: strength.default(0.5).describe('strength of rotation, shift and scaling of training pictures'),
      color: strength.default(0.5).describe('strength of color changes of training pictures'),
      outline: strength.default(0.3).describe('share of training pictures that are redrawn with outlines'),
    })
    .prefault({})
    .describe('random changes of training pictures; clips stay as they are'),
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

export interface ImageToTextPipeline extends Pipeline<SourceTargetPair<StyledPicture>, StyledPicture, WrittenText> {
  score(texts: readonly string[], examples: readonly SourceTargetPair<StyledPicture>[]): Record<string, number>
}

/**
 * Image to text: a caption of a picture, with attention over its regions, or of a clip, with attention over its frames.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention";
 * Yao et al. 2015, "Describing videos by exploiting temporal structure" for clips
 */
export const imageToText = defineTask({
  name: 'image-to-text',
  summary: 'writes captions of color pictures or clips',
  unit: 'tokens',
  config,
  assets: { tokenizer: tokenizerAsset(), scale: colorScaleAsset },

  learn: async (train: readonly SourceTargetPair<StyledPicture>[], _, { signal } = {}): Promise<Assets> => ({
    scale: learnColorScale(train.map(({ source }) => source)),
    tokenizer: specialTokensAsText(
      await trainWordTokenizerAsync(
        train.map(({ target }) => target),
        { specialTokens: TARGET_TOKENS, signal },
      ),
    ),
  }),

  dependOnSteps: ({ training }) => (training.scheduledSampling > 0 ? ['training.scheduledSampling'] : []),

  sizes: ({ tokenizer, scale: { height, width } }, { source }) => ({
    source:
      source === 'clips'
        ? { featureSize: height * width * 3, frame: { height, width, channels: 3 } }
        : { height, width, channels: 3 },
    target: { vocabSize: tokenizer.vocabSize },
  }),

  facts: ({ source: { pixels }, target }) => ({ input: contentHash(pixels), answer: target, texts: [target] }),

  pipeline({ model, assets: { tokenizer: target, scale }, config, registry, where }): ImageToTextPipeline {
    const grid = (model as RegionModel).encoder?.grid ?? [1, 1]
    const reader: VisualSource =
      config.source === 'clips' ? new ClipSource(scale) : new PictureSource(scale, config.augmentation, grid)
    const scorer = new Scorer<string>(config.metrics, registry)
    const learning = new SequenceToText({ model, target, reader, scorer, config, where })
    return {
      ...writing(learning),
      ...targetTokenTable(model, target),
      input: { kind: 'file', isFolder: config.source === 'clips', read: (file) => reader.read(file) },
      demonstrate: (examples, rng, options) => demonstrate(learning, reader, config.source, examples, rng, options),
      abilities: fileAbilities(learning, target, (file) => reader.read(file)),
    }
  },
})

async function demonstrate(
  learning: SequenceToText<StyledPicture, Float32Array>,
  reader: VisualSource,
  kind: 'pictures' | 'clips',
  examples: readonly SourceTargetPair<StyledPicture>[],
  rng: RandomStream,
  options?: Abortable,
): Promise<Exhibit[]> {
  const shownAs = { count: SHOWN, title: `Unseen ${kind}`, inputOf: ({ name }: StyledPicture) => name }
  const { shown, written, samples } = await writeSamples(learning, examples, rng, shownAs, options)
  const attended = shown.slice(0, SHOWN_PICTURES).flatMap(({ source, target }, i): AttendedPictureExhibit[] => {
    const { text, attention } = written[i]!
    if (attention === undefined) return []
    const picture = reader.shown(source)
    const regions = picture.rows * picture.columns
    return [
      {
        kind: 'attended-picture',
        title: text,
        ...picture,
        words: attention.target,
        // A last row of frames may not be full.
        weights: attention.weights.map((row) => Array.from({ length: regions }, (_, i) => row[i] ?? 0)),
        expected: target,
      },
    ]
  })
  return [samples, ...attended]
}
