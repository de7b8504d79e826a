import type { PartSpec } from '@heddle/core'
import { decodeText, parseTsv, splitExamples } from '@heddle/data'
import { Tokenizer, trainWordTokenizer } from '@heddle/tokenizer'
import { z } from 'zod'
import { type DataSource, onlyFile } from '../data-source.ts'
import type { MetricInfo, Recipe, RunFiles } from '../recipe.ts'
import { recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { generatePairs, type SentencePair } from './grammar.ts'
import { TranslationPipeline } from './translation-pipeline.ts'
import type { EncodedPair, TranslationBatch } from './translation-task.ts'

const part = z.union([z.string(), z.looseObject({ type: z.string() })])

export const translateConfig = z.strictObject({
  pairs: z.int().min(100).default(40_000).describe('how many pairs of built-in data are generated'),
  validation: z
    .number()
    .positive()
    .default(500)
    .describe('pairs held out for validation: a number, or a share below 1'),
  test: z.number().positive().default(1000).describe('pairs held out for the test: a number, or a share below 1'),
  minFrequency: z.int().min(1).default(1).describe('how often a word must occur in training to be known'),
  vocabSize: z.int().min(8).default(16_000).describe('most words of each language'),
  embeddingSize: z.int().min(1).default(128).describe('size of a word vector'),
  hiddenSize: z
    .int()
    .min(2)
    .default(192)
    .describe('features of the decoder; each direction of the encoder has half of them'),
  cell: part.default('gru').describe('recurrent cell of encoder and decoder, by name or { type, … }'),
  attention: z.union([part, z.null()]).default('additive').describe('attention by name or { type, … }; null for none'),
  dropout: z.number().min(0).max(1).default(0).describe('dropout of word vectors and before the output'),
  labelSmoothing: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the probability that training spreads over all words'),
  maxLength: z.int().min(1).default(60).describe('longest translation, in words'),
  batchSize: z.int().min(1).default(96).describe('pairs in a batch'),
  ...trainingFields({ steps: 900, learningRate: 5e-3, warmupSteps: 50, evaluateEvery: 300 }),
})
export type TranslateConfig = z.output<typeof translateConfig>

const METRICS: readonly MetricInfo[] = [
  {
    name: 'exactMatch',
    summary: 'sentences translated exactly as the reference',
    better: 'higher',
    expected: 0.97,
    percent: true,
  },
  { name: 'tokenAccuracy', summary: 'words right, given the true ones before them', better: 'higher', percent: true },
  { name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' },
  { name: 'bleu', summary: 'BLEU, 0 to 100', better: 'higher' },
  { name: 'loss', summary: 'nats per word', better: 'lower' },
]

/**
 * English to Korean with a recurrent encoder-decoder and attention, word by word: on sentences of a small grammar, or on any
 * file of pairs in any two languages that write spaces.
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
export class TranslateRecipe implements Recipe<SentencePair, EncodedPair, TranslationBatch> {
  readonly training: TranslateConfig
  readonly metrics = METRICS
  readonly dataFormat = 'a TSV file: source, target; further columns are ignored'
  readonly #config: TranslateConfig

  constructor(config: TranslateConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): SentencePair[] {
    return generatePairs({ count: this.#config.pairs, seed })
  }

  async read(source: DataSource): Promise<{ examples: SentencePair[]; notes: string[] }> {
    const file = onlyFile(source, 'translate')
    const { rows } = parseTsv(decodeText(await file.bytes(), file.name), {
      file: file.name,
      columns: ['source', 'target'],
      moreColumns: 'ignore',
      nonEmpty: ['source', 'target'],
    })
    return { examples: rows, notes: [] }
  }

  split(examples: readonly SentencePair[], seed: number) {
    // Small files give a tenth to each part.
    const share = (wanted: number) => (wanted >= 1 && wanted > examples.length / 10 ? 0.1 : wanted)
    return splitExamples(examples, {
      validation: share(this.#config.validation),
      test: share(this.#config.test),
      seed,
      groupBy: ({ source }) => source,
    })
  }

  fit(train: readonly SentencePair[]): RunFiles {
    const { minFrequency, vocabSize } = this.#config
    const tokenizer = (texts: Iterable<string>) => trainWordTokenizer(texts, { minFrequency, vocabSize }).toJSON()
    return {
      'tokenizer.json': tokenizer(train.map(({ source }) => source)),
      'tokenizer.target.json': tokenizer(train.map(({ target }) => target)),
    }
  }

  model(files: RunFiles): PartSpec {
    const { source, target } = tokenizersOf(files)
    const { embeddingSize, hiddenSize, cell, attention, dropout } = this.#config
    return {
      type: 'recurrent-seq2seq',
      encoder: {
        input: { vocabSize: source.vocabSize, embeddingSize },
        hiddenSize: Math.ceil(hiddenSize / 2),
        bidirectional: true,
        cell,
        dropout,
      },
      decoder: {
        vocabSize: target.vocabSize,
        embeddingSize,
        hiddenSize,
        cell,
        attention,
        style: 'bahdanau-deep',
        dropout,
      },
    }
  }

  pipeline(model: ConstructorParameters<typeof TranslationPipeline>[0], files: RunFiles): TranslationPipeline {
    const { source, target } = tokenizersOf(files)
    return new TranslationPipeline(model, source, target, this.#config)
  }
}

function tokenizersOf(files: RunFiles): { source: Tokenizer; target: Tokenizer } {
  return {
    source: Tokenizer.fromJSON(files['tokenizer.json']),
    target: Tokenizer.fromJSON(files['tokenizer.target.json']),
  }
}

export const translateRecipe = recipePoint.of({
  name: 'translate',
  summary: 'translation with a recurrent encoder-decoder and attention (built-in: English to Korean)',
  config: translateConfig,
  create: (config) => new TranslateRecipe(config),
})
