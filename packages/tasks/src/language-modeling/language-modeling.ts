import { HeddleError, inTurns, RandomStream } from '@heddle/core'
import { randomSampler } from '@heddle/decoding'
import type { Module } from '@heddle/layers'
import type { MetricInfo } from '@heddle/metrics'
import { encodeInTurns, type Tokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import { dataMeasuring } from '../check/facts.ts'
import { measureTexts } from '../check/measure-texts.ts'
import { specialTokensAsText, tokenizerAsset } from '../task/assets.ts'
import { defineTask } from '../task/define-task.ts'
import type { Pipeline } from '../task/pipeline.ts'
import { ownMetrics } from '../task/scorer.ts'
import { part } from '../task/settings.ts'
import { tokenTable } from '../task/token-table.ts'
import { labelSmoothing, trainingFields } from '../task/training-settings.ts'
import { type Generator, generating } from '../uses/generate.ts'
import { textReading } from '../uses/read-text.ts'
import { readTokens } from '../uses/read-tokens.ts'
import { scoring } from '../uses/score.ts'
import { tokenVocabulary } from '../uses/token-vocabulary.ts'
import { continuations, continueText, type StepLanguageModel } from './continue-text.ts'
import { type CountedLanguageModel, Counting, type EncodeTexts } from './counting.ts'
import { countCharacters, languageModelScores, sizeOfTexts } from './language-model-scores.ts'
import { languageTokenizer, languageTokenizerSettings } from './language-tokenizer.ts'
import type { TokenLanguageModel } from './next-token.ts'
import { scoreText } from './score-text.ts'
import { splitTexts } from './split-texts.ts'
import { bytesOfTexts, isPart, type TextExample, textsOf } from './text-example.ts'
import { TextStream } from './text-stream.ts'

const config = z.strictObject({
  model: part.prefault('recurrent-lm').describe('a causal language model: its type and settings'),
  tokenizer: languageTokenizerSettings,
  sampleLength: z.int().min(1).default(400).describe('tokens of each text that is written at the end'),
  training: z
    .strictObject({
      ...trainingFields,
      batchSize: trainingFields.batchSize.describe('streams or windows side by side'),
      windows: z
        .enum(['stream', 'random'])
        .default('stream')
        .describe('stream: the text in order, the state carried on; random: windows from random places'),
      labelSmoothing: labelSmoothing('tokens'),
      windowLength: z.int().min(2).default(96).describe('tokens through which the gradient flows back'),
    })
    .prefault({})
    .describe('steps, batches, learning rate and validation'),
  metrics: ownMetrics,
})

/** Characters of a text that are measured. */
const MEASURED_CHARACTERS = 200_000

/** Characters of a line that is not repeated by chance. */
const LEAST_LINE = 40

/** Bytes of a large text from which its tokens are learned. */
const SAMPLE = 2 ** 25

/** Characters of a text to look at. */
const SHOWN_CHARACTERS = 72

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'nats per token: per character, unless tokens are words or parts of them', better: 'lower' },
  { name: 'bitsPerCharacter', summary: 'bits per character, whatever the tokens are', better: 'lower' },
  { name: 'perplexity', summary: 'the model is as uncertain as if it chose between this many tokens', better: 'lower' },
  {
    name: 'wordPerplexity',
    summary: 'the same by words between spaces and ends of lines, as published for WikiText, whatever the tokens are',
    better: 'lower',
  },
]

/** Predicts a continuation of each prompt. */
export interface LanguageModelingPipeline extends Pipeline<TextExample, string, string>, Generator {
  readonly vocabSize: number
  /** The ids of all texts, one after the other. */
  readonly encode: EncodeTexts
}

/**
 * Language modeling: the next token of a text from all before it. A model that counts, such as an n-gram model, is fitted in one
 * pass; any other is trained on windows.
 *
 * @see Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks"
 */
export const languageModeling = defineTask({
  name: 'language-modeling',
  summary: 'the next character, or part of a word, of a text; continues texts',
  unit: ({ tokenizer: { units } }) => (units === 'characters' ? units : 'tokens'),
  config,
  assets: { tokenizer: tokenizerAsset() },

  learn: async (train: readonly TextExample[], config, options): Promise<{ readonly tokenizer: Tokenizer }> => ({
    tokenizer: specialTokensAsText(await languageTokenizer(await textsOf(train, SAMPLE), config.tokenizer, options)),
  }),

  sizes: ({ tokenizer }) => ({ vocabSize: tokenizer.vocabSize }),

  // Short lines, such as the name of a speaker, are repeated in any text.
  facts(text) {
    const ofLines = (read: string) =>
      read
        .split('\n')
        .flatMap((line) => (line.trim().length < LEAST_LINE ? [] : [{ input: line.trim(), texts: [line] }]))
    return isPart(text) ? text.text().then(ofLines) : ofLines(text)
  },

  // Each part has a window and the character after it.
  split: (texts, settings, _, { training }) =>
    splitTexts(texts, { ...settings, least: training.windowLength + 1, where: 'language-modeling' }),

  count: (texts) =>
    texts.some(isPart)
      ? `${(bytesOfTexts(texts) / 1e6).toFixed(1)} MB of text`
      : `${countCharacters(texts as readonly string[]).toLocaleString('en')} characters`,

  pipeline({ model, assets: { tokenizer }, config: { training, sampleLength }, where }): LanguageModelingPipeline {
    const encode: EncodeTexts = (texts, { signal } = {}) => inTurns(encodeInTurns(tokenizer, texts), signal)
    const steps = stepModelOf(model, where)
    const learning = isCounted(model)
      ? new Counting(model, encode)
      : new TextStream(model as TokenLanguageModel, encode, { ...training, where })
    const generate: Generator['generate'] = (options) => continueText(steps, tokenizer, options)
    return {
      learning,
      ...tokenTable(model, tokenizer),
      vocabSize: tokenizer.vocabSize,
      encode,
      metrics: METRICS,
      async evaluate(examples, { signal } = {}) {
        const texts = await textsOf(examples)
        const ids = await encode(texts, { signal })
        return languageModelScores(await learning.evaluate(ids, { signal }), sizeOfTexts(texts, ids.length))
      },
      async predict(prompts, { signal } = {}) {
        const texts: string[] = []
        for (const prompt of prompts) {
          // Each from the same stream, so that a prediction does not depend on those before it.
          const rng = new RandomStream(1)
          const sampler = (stream: RandomStream) => randomSampler({ temperature: 0.8 }, stream)
          texts.push(prompt + (await generate({ prompt, length: sampleLength, sampler, rng, signal })))
        }
        return texts
      },
      input: { kind: 'text', read: (text) => text },
      format: (text) => text,
      demonstrate: async (texts, rng, options) =>
        continuations({ generate }, (await textsOf(texts.slice(0, 1)))[0]!, sampleLength, rng, options),
      generate,
      abilities: [
        dataMeasuring.of({
          evenLoss: Math.log(tokenizer.vocabSize),
          isStream: true,
          measure(text: TextExample) {
            const ofText = (read: string) => measureTexts(tokenizer, [read.slice(0, MEASURED_CHARACTERS)])
            return isPart(text) ? text.text().then(ofText) : ofText(text)
          },
        }),
        generating.of({ generate }),
        scoring.of({ scoreText: (text, options) => scoreText(steps, tokenizer, text, options) }),
        textReading.of({
          read: (text) => ({
            ...readTokens(model, tokenizer, text, where),
            vocabulary: tokenVocabulary(tokenizer, 'next'),
          }),
          textOf: (text: TextExample) => (isPart(text) ? text.name : beginning(text)),
        }),
      ],
    }
  },
})

/** The first words of a text. */
function beginning(text: string): string {
  const start = [...text.slice(0, 4 * SHOWN_CHARACTERS)].slice(0, SHOWN_CHARACTERS).join('')
  return start.length < text.length ? start.replace(/\s+\S*$/u, '') : start
}

function stepModelOf(model: Module, where: string): StepLanguageModel {
  if ('initialState' in model && 'step' in model) return model as unknown as StepLanguageModel
  throw new HeddleError(
    'config',
    `${where}: expected a model with initialState and step, got ${model.constructor.name}. Use a language model.`,
  )
}

const isCounted = (model: Module): model is Module & CountedLanguageModel => 'count' in model && 'toBytes' in model
