import { HeddleError, periodicYield } from '@heddle/core'
import { setTraining } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import {
  type Baseline,
  dataMeasuring,
  defineTask,
  learnWordPieces,
  measureTexts,
  ownMetrics,
  type Pipeline,
  part,
  readMasked,
  type SamplesExhibit,
  splitAtRandom,
  textReading,
  tokenizerAsset,
  tokenTable,
  trainingFields,
  wordPieceSettings,
} from '@heddle/tasks'
import type { Tokenizer } from '@heddle/tokenizer'
import { validate } from '@heddle/trainer'
import * as z from 'zod'
import type { CorpusPart } from '../corpus/corpus-part.ts'
import { sampleSentences } from '../corpus/sample-sentences.ts'
import { maskRateConfig } from '../masking/mask-rate.ts'
import { type FilledMask, fillMask } from './fill-mask.ts'
import { type MaskFiller, maskFilling } from './mask-filling.ts'
import type { MaskedLanguageModel } from './masked-language-model.ts'
import { MaskedLearning } from './masked-learning.ts'

const config = z.strictObject({
  model: part.prefault('bert-pretraining').describe('a masked language model: its type and settings'),
  tokenizer: wordPieceSettings('the corpus'),
  maxLength: z.int().min(8).default(128).describe('tokens of a row, with [CLS] and [SEP]'),
  pairs: z
    .enum(['next', 'order', 'none'])
    .default('next')
    .describe(
      "second segment of a row: 'next' the one that follows, or as often one of another document; 'order' the one that follows, as often before the first; 'none' rows full of sentences",
    ),
  acrossDocuments: z
    .boolean()
    .default(true)
    .describe(
      'whether the next document follows in a row without pairs where there is room; false gives each document its own rows, in batches of similar lengths',
    ),
  causalShare: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('share of the batches that are read from left to right, with the next token to predict at each place'),
  masking: z
    .strictObject({
      rate: maskRateConfig
        .default(0.15)
        .describe('share of the tokens to predict: a number, or { from, to } in a straight line over the training'),
      wholeWord: z.boolean().default(false).describe('whether all pieces of a word are masked together'),
      copies: z
        .int()
        .min(0)
        .default(0)
        .describe('0 masks a text anew each time; otherwise number of ways in which a text is paired and masked'),
    })
    .prefault({})
    .describe('the tokens that are hidden from the model'),
  training: z
    .strictObject({
      ...trainingFields,
      batchSize: trainingFields.batchSize.describe('rows in a batch'),
      labelSmoothing: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('share of the probability that the loss of a masked token spreads over all tokens'),
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: ownMetrics,
})

export type MaskedLMConfig = z.output<typeof config>

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'nats per masked token, and those of the pairs', better: 'lower' },
  { name: 'maskedLoss', summary: 'nats per masked token', better: 'lower' },
  { name: 'maskedAccuracy', summary: 'share of the masked tokens whose most likely token is right', better: 'higher' },
]
const PAIR_METRICS: readonly MetricInfo[] = [
  { name: 'pairLoss', summary: 'nats per pair of segments', better: 'lower' },
  { name: 'pairAccuracy', summary: 'share of the pairs that are judged rightly', better: 'higher' },
]

/** Text from which the word pieces are learned: enough for any language, and little enough for memory. */
const SAMPLE = 2 ** 25
/** Characters of a part whose unknown tokens are counted. */
const MEASURED_CHARACTERS = 100_000
/** Characters from which on a document that occurs twice is worth a word. */
const LEAST_DOCUMENT = 40
/** Characters of a sentence that is shown. */
const SHOWN_LENGTH = 48

export interface MaskedLMPipeline extends Pipeline<CorpusPart, string, readonly FilledMask[]>, MaskFiller {
  readonly vocabSize: number
  readonly learning: MaskedLearning
}

/**
 * Pre-training of BERT: masked tokens, and whether two segments belong together. An example is a part of a corpus, which is read
 * from its file when its turn comes. Validation always masks 15 %.
 *
 * @see Devlin et al. 2019, "BERT: Pre-training of deep bidirectional Transformers for language understanding"
 */
export const maskedLm = defineTask({
  name: 'masked-lm',
  summary: 'masked tokens of a text, from both sides; pre-trains encoders',
  unit: 'masked tokens',
  config,
  assets: { tokenizer: tokenizerAsset() },

  async learn(parts: readonly CorpusPart[], { tokenizer }, options): Promise<{ readonly tokenizer: Tokenizer }> {
    const learned = await learnWordPieces(await sampleSentences(parts, SAMPLE), tokenizer, options)
    return { tokenizer: tokenizerAsset().fromJSON(learned.toJSON(), '') }
  },

  dependOnSteps: ({ masking }) => (typeof masking.rate === 'number' ? [] : ['masking.rate']),

  sizes: ({ tokenizer }) => ({ input: { vocabSize: tokenizer.vocabSize } }),

  // Short documents are repeated in any text.
  facts: async (part) =>
    (await part.documents()).flatMap((sentences) => {
      const text = sentences.join(' ')
      return text.length < LEAST_DOCUMENT ? [] : [{ input: text, texts: [text] }]
    }),

  split: (parts, settings, seed) => splitAtRandom(parts, settings, seed),

  count(parts) {
    const bytes = parts.reduce((sum, { size }) => sum + size, 0)
    return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB of text` : `${(bytes / 1e6).toFixed(1)} MB of text`
  },

  pipeline({ model: built, assets: { tokenizer }, config, where }): MaskedLMPipeline {
    const model = built as MaskedLanguageModel
    const { pairs } = config
    if (pairs !== 'none' && model.nextSentence === undefined) {
      throw new HeddleError(
        'config',
        `${where}: expected a model that judges pairs, as pairs is '${pairs}', got ${built.constructor.name}. Set pairs to none, or model to bert-pretraining.`,
      )
    }
    if (config.causalShare > 0 && model.readsCausally !== true) {
      throw new HeddleError(
        'config',
        `${where}: expected a model that can read from left to right, as causalShare is ${config.causalShare}, got ${built.constructor.name} with an encoder that cannot. Set causalShare to 0, or the encoder to bert.`,
      )
    }
    const learning = new MaskedLearning(model, tokenizer, config)
    const fill = (text: string, top?: number) => fillMask(model, tokenizer, text, top === undefined ? {} : { top })
    return {
      learning,
      ...tokenTable(built, tokenizer),
      vocabSize: tokenizer.vocabSize,
      metrics: pairs === 'none' ? METRICS : [...METRICS, ...PAIR_METRICS],
      async evaluate(parts, { signal } = {}) {
        const batches = learning.validationBatches(parts)
        const metrics = await validate({
          ...{ model, objective: learning.objective, batches },
          ...(signal && { signal }),
        })
        setTraining(model, false)
        return metrics
      },
      async predict(texts, { signal } = {}) {
        const filled: FilledMask[][] = []
        const yieldNow = periodicYield(signal)
        for (const text of texts) {
          await yieldNow()
          filled.push(await fill(text))
        }
        return filled
      },
      fillMask: fill,
      input: { kind: 'text', read: (text) => text },
      format: (masks) =>
        masks
          .map(({ tokens }) => tokens.map(({ token, score }) => `${token} (${Math.round(score * 100)} %)`).join(', '))
          .join('; '),
      async demonstrate(parts, rng, options): Promise<SamplesExhibit[]> {
        const samples = await learning.samples(parts, fill, rng, options)
        return [{ kind: 'samples', title: 'Hidden words of unseen text', samples }]
      },
      abilities: [
        maskFilling.of({ fillMask: fill }),
        dataMeasuring.of({
          evenLoss: Math.log(tokenizer.vocabSize) + (pairs === 'none' ? 0 : Math.LN2),
          isStream: true,
          async measure(part: CorpusPart) {
            const text = (await part.documents()).flat().join('\n')
            return measureTexts(tokenizer, [text.slice(0, MEASURED_CHARACTERS)])
          },
        }),
        textReading.of({ read: (text) => readMasked(built, tokenizer, text, where), textOf: shortSentence }),
      ],
    }
  },
})

/** The sentence of a part whose length is nearest to that which is best to look at. */
async function shortSentence(part: CorpusPart): Promise<string> {
  const off = (text: string) => Math.abs(text.length - SHOWN_LENGTH)
  return (await part.documents()).flat().reduce((best, each) => (off(each) < off(best) ? each : best), '')
}

/** Baseline: each token is as probable at a masked place as it is frequent, and pairs are guessed. */
export const tokenFrequencies: Baseline<CorpusPart, MaskedLMPipeline> = ({ train, heldOut, pipeline }) =>
  pipeline.learning.frequencies(train, heldOut)
