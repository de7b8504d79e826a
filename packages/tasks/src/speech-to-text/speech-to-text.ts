import type { RandomStream } from '@heddle/core'
import { readSound, type SoundClip } from '@heddle/data'
import { type Tokenizer, trainCharTokenizerAsync } from '@heddle/tokenizer'
import * as z from 'zod'
import { contentHash } from '../check/facts.ts'
import type { AttentionExhibit } from '../exhibits/attention.ts'
import type { Exhibit } from '../exhibits/exhibit.ts'
import { SequenceToText, type SourceTargetPair, type WrittenText } from '../sequence-to-text/sequence-to-text.ts'
import { decodingSettings, trainingSettings } from '../sequence-to-text/settings.ts'
import { idOf, TARGET_TOKENS } from '../sequence-to-text/target-tokens.ts'
import { fileAbilities, writeSamples, writing } from '../sequence-to-text/writing.ts'
import { specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Abortable, Pipeline } from '../task/pipeline.ts'
import { metricList, Scorer } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { targetTokenTable } from '../task/token-table.ts'
import { SoundFrames } from './sound-frames.ts'

const SHOWN = 12
const SHOWN_MAPS = 6

const share = z.number().min(0).max(1)

const config = z.strictObject({
  model: part.prefault('recurrent-seq2seq').describe('an encoder-decoder: its type and settings'),
  audio: z
    .strictObject({
      sampleRate: z
        .int()
        .min(4000)
        .max(192_000)
        .default(8000)
        .describe('samples a second that the model reads; recordings are converted'),
      numMels: z.int().min(4).default(40).describe('bands of frequency of a frame'),
      framesPerStep: z.int().min(1).default(3).describe('frames of 10 ms that the model reads in one step'),
    })
    .prefault({})
    .describe('features of the recordings'),
  augmentation: z
    .strictObject({
      speed: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.15)
        .describe('share by which training clips are sped up or slowed down'),
      shift: z.number().min(0).default(0.06).describe('seconds by which the ends of training clips move'),
      noise: share.default(0.6).describe('share of training clips with added noise'),
      joined: share.default(0).describe('share of training clips that another one is added to'),
    })
    .prefault({})
    .describe('random changes of training clips'),
  training: trainingSettings,
  decoding: decodingSettings,
  metrics: metricList(['exactMatch', 'characterErrorRate']),
})

export interface SpeechToTextPipeline extends Pipeline<SourceTargetPair<SoundClip>, SoundClip, WrittenText> {
  readonly frames: SoundFrames
  score(texts: readonly string[], examples: readonly SourceTargetPair<SoundClip>[]): Record<string, number>
}

/**
 * Speech to text: log-mel frames of a recording are read, and its words are written letter by letter with attention to where they
 * are spoken.
 *
 * @see Chan et al. 2016, "Listen, attend and spell"
 */
export const speechToText = defineTask({
  name: 'speech-to-text',
  summary: 'writes down recordings',
  unit: 'tokens',
  config,
  assets: { tokenizer: tokenizerAsset() },

  learn: async (
    train: readonly SourceTargetPair<SoundClip>[],
    _,
    { signal } = {},
  ): Promise<{ readonly tokenizer: Tokenizer }> => ({
    tokenizer: specialTokensAsText(
      await trainCharTokenizerAsync(
        // Joined clips need a space, also where no text has one.
        [...train.map(({ target }) => target), ' '],
        { specialTokens: TARGET_TOKENS, signal },
      ),
    ),
  }),

  dependOnSteps: ({ training }) => (training.scheduledSampling > 0 ? ['training.scheduledSampling'] : []),

  sizes: ({ tokenizer }, { audio }) => ({
    source: { featureSize: new SoundFrames(audio).featureSize },
    target: { vocabSize: tokenizer.vocabSize },
  }),

  facts: ({ source: { samples }, target }) => ({ input: contentHash(samples), answer: target, texts: [target] }),

  pipeline({ model, assets: { tokenizer: target }, config, registry, where }): SpeechToTextPipeline {
    const { audio, augmentation, metrics } = config
    const frames = new SoundFrames(audio, { ...augmentation, space: idOf(target, ' ') })
    const scorer = new Scorer<string>(metrics, registry)
    const learning = new SequenceToText({ model, target, reader: frames, scorer, config, where })
    return {
      ...writing(learning),
      ...targetTokenTable(model, target),
      frames,
      input: { kind: 'file', read: readSound },
      demonstrate: (examples, rng, options) => demonstrate(learning, examples, rng, options),
      abilities: fileAbilities(learning, target, readSound),
    }
  },
})

async function demonstrate(
  learning: SequenceToText<SoundClip, Float32Array>,
  examples: readonly SourceTargetPair<SoundClip>[],
  rng: RandomStream,
  options?: Abortable,
): Promise<Exhibit[]> {
  const shownAs = { count: SHOWN, title: 'Unseen clips', inputOf: ({ name }: SoundClip) => name }
  const { written, samples } = await writeSamples(learning, examples, rng, shownAs, options)
  const maps = written.flatMap(({ text, attention }): AttentionExhibit[] =>
    attention === undefined ? [] : [{ kind: 'attention', title: text, ...attention }],
  )
  return [samples, ...maps.slice(0, SHOWN_MAPS)]
}
