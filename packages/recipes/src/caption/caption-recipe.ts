import { HeddleError, type PartSpec, parseConfig, RandomStream } from '@heddle/core'
import {
  changePicture,
  type DataSource,
  type ReadExamples,
  readCaptionedPictures,
  readPicture,
  type StyledPicture,
  splitExamples,
} from '@heddle/data'
import { type Module, regionGrid } from '@heddle/layers'
import { chrf } from '@heddle/metrics'
import { drawnScenes, SCENE_SIZE } from '@heddle/synthetic'
import { Tokenizer, trainWordTokenizer } from '@heddle/tokenizer'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { Exhibit } from '../exhibit.ts'
import { type Dataset, type MetricInfo, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { exactMatch, type WritingExample } from '../writing/exact-match.ts'
import { TARGET_TOKENS } from '../writing/target-tokens.ts'
import { WritingPipeline } from '../writing/writing-pipeline.ts'
import { heldOutFields, heldOutShare, networkFields, writingFields } from '../writing/writing-settings.ts'
import type { EncodedExample, WritingBatch } from '../writing/writing-task.ts'
import { nearestCaptions } from './nearest-pictures.ts'

const SHOWN_PICTURES = 8

const strength = z.number().min(0).max(1)

export const captionConfig = z.strictObject({
  pictures: z.int().min(100).default(8000).describe('how many pictures of built-in data are drawn'),
  ...heldOutFields({ validation: 200, test: 1000 }),
  testStyle: z
    .int()
    .min(-1)
    .default(-1)
    .describe('the drawing style that is held out for the test, counted from 0; -1 for the last'),
  column: z.string().default('en').describe('the column of captions in the table that --data names'),
  size: z.int().min(4).default(SCENE_SIZE).describe('pixels a side that PNG pictures are brought to'),
  blocks: z
    .array(z.int().min(1))
    .min(1)
    .default([32, 64, 128])
    .describe('channels of each block of convolutions; all but the last halve the picture'),
  summarySize: z.int().min(1).default(256).describe('features of the whole picture'),
  geometry: strength.default(0.5).describe('how much training pictures are turned, moved and resized'),
  color: strength.default(0.5).describe('how much the colors of training pictures are changed'),
  outline: strength.default(0.3).describe('share of training pictures that are redrawn with outlines'),
  ...networkFields({ embeddingSize: 64, hiddenSize: 192, dropout: 0.1 }),
  ...writingFields({ batchSize: 64, maxLength: 30, beamWidth: 3 }),
  ...trainingFields({
    steps: 1200,
    learningRate: 3e-3,
    warmupSteps: 60,
    evaluateEvery: 200,
    monitors: ['loss', 'tokenAccuracy', 'exactMatch', 'chrf'],
  }),
})
export type CaptionConfig = z.output<typeof captionConfig>

const METRICS: readonly MetricInfo[] = [
  { name: 'exactMatch', summary: 'captions exactly as the reference', better: 'higher', expected: 0.9, percent: true },
  { name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' },
  { name: 'tokenAccuracy', summary: 'words right, given the true ones before them', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats per word', better: 'lower' },
]

/**
 * A picture to its caption, with attention over the regions of the picture, tested on a style of drawing that training has not
 * seen.
 *
 * @see Xu et al. 2015, "Show, attend and tell: neural image caption generation with visual attention"
 */
export class CaptionRecipe
  implements Recipe<WritingExample<StyledPicture>, EncodedExample<Float32Array>, WritingBatch>
{
  readonly training: CaptionConfig
  readonly metrics = METRICS
  readonly dataFormat =
    'a table of captions (.tsv) with a set of pictures (…_STYLESxPICTURESxHxWx3_….bin.gz) or PNG files'
  readonly #config: CaptionConfig

  constructor(config: CaptionConfig) {
    this.#config = config
    this.training = config
  }

  /** Pictures of the world differ more than drawn scenes do: training goes on for longer, in smaller steps. */
  settingsFor(): Readonly<Partial<CaptionConfig>> {
    return { steps: 4000, learningRate: 2e-3, evaluateEvery: 400, monitor: 'chrf' }
  }

  builtIn(seed: number): WritingExample<StyledPicture>[] {
    return drawnScenes(this.#config.pictures, new RandomStream(seed))
  }

  read(source: DataSource): Promise<ReadExamples<WritingExample<StyledPicture>>> {
    const { column, size } = this.#config
    return readCaptionedPictures(source, { where: 'caption', column, size })
  }

  /** The test part is of one style alone, which the other parts do not have; with a single style it is drawn at random. */
  split(examples: readonly WritingExample<StyledPicture>[], seed: number): Dataset<WritingExample<StyledPicture>> {
    const { validation, test, testStyle } = this.#config
    const styles = Math.max(...examples.map(({ source }) => source.style)) + 1
    if (styles === 1) {
      const share = (wanted: number) => heldOutShare(wanted, examples.length)
      return splitExamples(examples, { validation: share(validation), test: share(test), seed })
    }
    const held = testStyle === -1 ? styles - 1 : testStyle
    const unseen = examples.filter(({ source }) => source.style === held)
    const rest = examples.filter(({ source }) => source.style !== held)
    if (unseen.length === 0 || rest.length === 0) {
      throw new HeddleError('config', `caption: expected testStyle below ${styles}, got ${held}. Choose another style.`)
    }
    const parts = splitExamples(rest, { validation: heldOutShare(validation, rest.length), seed })
    return { train: parts.train, validation: parts.validation, test: unseen }
  }

  fit(train: readonly WritingExample<StyledPicture>[]): RunFiles {
    const sizes = new Set(train.map(({ source: { height, width } }) => `${height}x${width}`))
    if (sizes.size > 1) {
      throw new HeddleError('data', `caption: expected pictures of one size, got ${[...sizes].slice(0, 4).join(', ')}.`)
    }
    const { height, width } = train[0]!.source
    const texts = train.map(({ target }) => target)
    return {
      'tokenizer.json': trainWordTokenizer(texts, { specialTokens: TARGET_TOKENS }).toJSON(),
      'pictures.json': { height, width, ...contrast(train) },
    }
  }

  model(files: RunFiles): PartSpec {
    const { vocabSize } = Tokenizer.fromJSON(files['tokenizer.json'])
    const { embeddingSize, hiddenSize, cell, attention, dropout, blocks, summarySize } = this.#config
    return {
      type: 'recurrent-seq2seq',
      source: { ...sizeOf(picturesOf(files)), channels: 3 },
      target: { vocabSize },
      ...{ embeddingSize, hiddenSize, cell, attention, dropout },
      encoder: { type: 'convolutional', blocks, summarySize },
    }
  }

  pipeline(model: Module, files: RunFiles): WritingPipeline<StyledPicture, Float32Array> {
    const { mean, deviation, ...size } = picturesOf(files)
    const [rows, columns] = regionGrid({ ...size, blocks: this.#config.blocks })
    const regions = Array.from(
      { length: rows * columns },
      (_, i) => `${Math.floor(i / columns) + 1}:${(i % columns) + 1}`,
    )
    return new WritingPipeline<StyledPicture, Float32Array>({
      name: 'caption',
      model,
      target: Tokenizer.fromJSON(files['tokenizer.json']),
      settings: this.#config,
      encode: (picture) => checkedPixels(picture, size),
      length: () => 1,
      collate: (pictures) => {
        const data = new Float32Array(pictures.length * size.height * size.width * 3)
        for (const [i, pixels] of pictures.entries()) {
          for (let j = 0; j < pixels.length; j++) data[i * pixels.length + j] = (pixels[j]! - mean) / deviation
        }
        return { source: tf.tensor4d(data, [pictures.length, size.height, size.width, 3]) }
      },
      steps: () => regions,
      score,
      augmentation:
        () =>
        ({ source, target }, rng) => ({ source: changePicture(source, size, this.#config, rng), target }),
      show: (examples, written) => [
        {
          kind: 'samples',
          title: 'Unseen pictures',
          samples: examples.map(({ source, target }, i) => ({
            input: source.name,
            output: written[i]!.text,
            expected: target,
          })),
        },
        ...examples.slice(0, SHOWN_PICTURES).flatMap(({ source, target }, i): Exhibit[] => {
          const { text, attention } = written[i]!
          if (attention === undefined) return []
          return [
            {
              kind: 'attended-picture',
              title: text,
              ...size,
              pixels: Array.from(source.pixels, (value) => Math.round(255 * value)),
              rows,
              columns,
              words: attention.target,
              weights: attention.weights,
              expected: target,
            },
          ]
        }),
      ],
      abilities: (writer) => ({
        describer: {
          describe: async (files, options) => {
            const pictures: StyledPicture[] = []
            for (const file of files) pictures.push(await readPicture(file, size))
            return writer.write(pictures, options)
          },
        },
      }),
    })
  }

  async baseline({ train, test }: Dataset<WritingExample<StyledPicture>>): Promise<Record<string, number>> {
    return score(nearestCaptions(train, test), test)
  }
}

function score(
  predictions: readonly string[],
  examples: readonly WritingExample<StyledPicture>[],
): Record<'exactMatch' | 'chrf', number> {
  const references = examples.map(({ target }) => target)
  return { exactMatch: exactMatch(predictions, examples), chrf: chrf(predictions, references) }
}

const picturesFile = z.strictObject({
  height: z.int().min(1),
  width: z.int().min(1),
  mean: z.number(),
  deviation: z.number().positive(),
})

const picturesOf = (files: RunFiles) => parseConfig('caption: pictures.json', picturesFile, files['pictures.json'])

const sizeOf = ({ height, width }: z.output<typeof picturesFile>) => ({ height, width })

/** Mean and standard deviation of the pixels. */
function contrast(examples: readonly WritingExample<StyledPicture>[]): { mean: number; deviation: number } {
  let [sum, squares, count] = [0, 0, 0]
  for (const { source } of examples) {
    for (const value of source.pixels) {
      sum += value
      squares += value ** 2
    }
    count += source.pixels.length
  }
  const mean = sum / count
  return { mean, deviation: Math.sqrt(Math.max(1e-6, squares / count - mean ** 2)) }
}

function checkedPixels({ name, height, width, pixels }: StyledPicture, size: { height: number; width: number }) {
  if (height !== size.height || width !== size.width) {
    throw new HeddleError(
      'data',
      `${name}: expected a picture of ${size.height}x${size.width}, as in training, got ${height}x${width}. Resize it.`,
    )
  }
  return pixels
}

export const captionRecipe = recipePoint.of({
  name: 'caption',
  summary: 'captions of pictures with attention over their regions (built-in: shapes in three styles)',
  config: captionConfig,
  create: (config) => new CaptionRecipe(config),
})
