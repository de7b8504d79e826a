import { type PartSpec, RandomStream } from '@heddle/core'
import {
  changeSound,
  type DataSource,
  joinSounds,
  type ReadExamples,
  readSound,
  readSounds,
  type SoundClip,
  splitExamples,
} from '@heddle/data'
import type { Module } from '@heddle/layers'
import { characterErrorRate } from '@heddle/metrics'
import { spokenDigits } from '@heddle/synthetic'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import type { Exhibit } from '../exhibit.ts'
import { type Dataset, type MetricInfo, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { exactMatch, type WritingExample } from '../writing/exact-match.ts'
import { idOf, TARGET_TOKENS } from '../writing/target-tokens.ts'
import { type Augmentation, WritingPipeline } from '../writing/writing-pipeline.ts'
import { heldOutFields, heldOutShare, networkFields, writingFields } from '../writing/writing-settings.ts'
import type { EncodedExample, WritingBatch } from '../writing/writing-task.ts'
import { wordsOf } from './digit-words.ts'
import { nearestClips } from './nearest-clips.ts'
import { SoundFrames } from './sound-frames.ts'

/** Takes below this are the test part of recordings that are numbered, as their collection has it. */
const TEST_TAKES = 5
const SHOWN_MAPS = 6

export const digitsConfig = z.strictObject({
  clips: z.int().min(100).default(2500).describe('how many clips of built-in data are spoken'),
  longest: z.int().min(1).default(3).describe('most digits in a row in a clip of the built-in data'),
  ...heldOutFields({ validation: 60, test: 300 }),
  sampleRate: z.int().min(4000).default(8000).describe('samples a second; other recordings are converted'),
  numMels: z.int().min(4).default(40).describe('bands of frequency of a frame'),
  framesPerStep: z.int().min(1).default(3).describe('frames of 10 ms that are read at once'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers of the encoder'),
  speed: z.number().min(0).max(0.5).default(0.15).describe('share by which training clips are made faster or slower'),
  shift: z.number().min(0).default(0.06).describe('seconds by which training clips are moved'),
  noise: z.number().min(0).max(1).default(0.6).describe('share of training clips that get noise'),
  joined: z.number().min(0).max(1).default(0).describe('share of training clips that another one is added to'),
  ...networkFields({ embeddingSize: 32, hiddenSize: 128, dropout: 0.2 }),
  ...writingFields({ batchSize: 32, maxLength: 40, beamWidth: 3 }),
  ...trainingFields({
    steps: 1000,
    learningRate: 3e-3,
    warmupSteps: 60,
    evaluateEvery: 150,
    monitors: ['characterErrorRate', 'exactMatch', 'tokenAccuracy', 'loss'],
  }),
})
export type DigitsConfig = z.output<typeof digitsConfig>

const METRICS: readonly MetricInfo[] = [
  {
    name: 'exactMatch',
    summary: 'clips written down without an error',
    better: 'higher',
    expected: 0.95,
    percent: true,
  },
  { name: 'characterErrorRate', summary: 'edits by letters of the reference', better: 'lower', percent: true },
  { name: 'tokenAccuracy', summary: 'letters right, given the true ones before them', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats per letter', better: 'lower' },
]

/**
 * Speech to text: log-mel frames of spoken digits are read, and their words written letter by letter with attention to where
 * they are spoken.
 *
 * @see Chan et al. 2016, "Listen, attend and spell"
 */
export class DigitsRecipe implements Recipe<WritingExample<SoundClip>, EncodedExample<Float32Array>, WritingBatch> {
  readonly training: DigitsConfig
  readonly metrics = METRICS
  readonly dataFormat = 'a folder of WAV files named by their digits: 7_anna_0.wav'
  readonly #config: DigitsConfig
  readonly #frames: SoundFrames

  constructor(config: DigitsConfig) {
    this.#config = config
    this.training = config
    this.#frames = new SoundFrames(config)
  }

  builtIn(seed: number): WritingExample<SoundClip>[] {
    const { clips, longest, sampleRate } = this.#config
    return spokenDigits(clips, new RandomStream(seed), { longest, sampleRate })
  }

  async read(source: DataSource): Promise<ReadExamples<WritingExample<SoundClip>>> {
    const { sampleRate } = this.#config
    const { examples, notes } = await readSounds(source, { where: 'digits', sampleRate })
    const written = (label: string) => (/^\d+$/.test(label) ? wordsOf([...label].map(Number)) : label)
    return { examples: examples.map(({ source, target }) => ({ source, target: written(target) })), notes }
  }

  /** Numbered recordings are split by the number of the take, others at random. */
  split(examples: readonly WritingExample<SoundClip>[], seed: number): Dataset<WritingExample<SoundClip>> {
    const { validation, test } = this.#config
    const size = examples.length
    const isTest = ({ source }: WritingExample<SoundClip>) => source.take !== undefined && source.take < TEST_TAKES
    const numbered = examples.every(({ source }) => source.take !== undefined) && examples.some(isTest)
    if (!numbered || examples.every(isTest)) {
      return splitExamples(examples, {
        validation: heldOutShare(validation, size),
        test: heldOutShare(test, size),
        seed,
      })
    }
    const rest = examples.filter((example) => !isTest(example))
    const { train, validation: held } = splitExamples(rest, { validation: heldOutShare(validation, rest.length), seed })
    return { train, validation: held, test: examples.filter(isTest) }
  }

  fit(train: readonly WritingExample<SoundClip>[]): RunFiles {
    const texts = train.map(({ target }) => target)
    // A space is needed to join clips, also where no text has one.
    return { 'tokenizer.json': trainCharTokenizer([...texts, ' '], { specialTokens: TARGET_TOKENS }).toJSON() }
  }

  model(files: RunFiles): PartSpec {
    const { vocabSize } = Tokenizer.fromJSON(files['tokenizer.json'])
    const { embeddingSize, hiddenSize, numLayers, cell, attention, dropout } = this.#config
    return {
      type: 'recurrent-seq2seq',
      source: { featureSize: this.#frames.featureSize },
      target: { vocabSize },
      ...{ embeddingSize, hiddenSize, cell, attention, dropout },
      encoder: { numLayers },
    }
  }

  pipeline(model: Module, files: RunFiles): WritingPipeline<SoundClip, Float32Array> {
    const target = Tokenizer.fromJSON(files['tokenizer.json'])
    const frames = this.#frames
    return new WritingPipeline<SoundClip, Float32Array>({
      name: 'digits',
      model,
      target,
      settings: this.#config,
      encode: ({ samples }) => samples,
      length: (samples) => frames.numSteps(samples.length),
      collate: (sounds) => frames.collate(sounds),
      steps: (samples) => frames.times(samples.length),
      score,
      augmentation: (train) => this.#augmentation(train, idOf(target, ' ')),
      show: (examples, written) => {
        const samples = examples.map(({ source, target: expected }, i) => ({
          input: source.name,
          output: written[i]!.text,
          expected,
        }))
        const maps = written.flatMap(({ text, attention }): Exhibit[] =>
          attention === undefined ? [] : [{ kind: 'attention', title: text, ...attention }],
        )
        return [{ kind: 'samples', title: 'Unseen clips', samples }, ...maps.slice(0, SHOWN_MAPS)]
      },
      abilities: (writer) => ({
        describer: {
          describe: async (files, options) => {
            const clips: SoundClip[] = []
            for (const file of files) clips.push(await readSound(file, this.#config.sampleRate))
            return writer.write(clips, options)
          },
        },
      }),
    })
  }

  async baseline({ train, test }: Dataset<WritingExample<SoundClip>>): Promise<Record<string, number>> {
    return score(nearestClips(train, test, this.#frames, this.#config.numMels), test)
  }

  #augmentation(train: readonly EncodedExample<Float32Array>[], space: number): Augmentation<Float32Array> {
    const { sampleRate, joined } = this.#config
    return ({ source, target }, rng) => {
      const changed = changeSound(source, this.#config, sampleRate, rng)
      if (rng.uniform() >= joined) return { source: changed, target }
      const other = rng.pick(train)
      const next = changeSound(other.source, this.#config, sampleRate, rng)
      return { source: joinSounds([changed, next]), target: [...target, space, ...other.target] }
    }
  }
}

function score(
  predictions: readonly string[],
  examples: readonly WritingExample<SoundClip>[],
): Record<'exactMatch' | 'characterErrorRate', number> {
  const { rate } = characterErrorRate(
    predictions,
    examples.map(({ target }) => target),
  )
  return { exactMatch: exactMatch(predictions, examples), characterErrorRate: rate }
}

export const digitsRecipe = recipePoint.of({
  name: 'digits',
  summary: 'speech to text: writes down spoken digits (built-in: synthetic speech)',
  config: digitsConfig,
  create: (config) => new DigitsRecipe(config),
})
