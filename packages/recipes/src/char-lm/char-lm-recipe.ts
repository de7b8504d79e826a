import { type PartSpec, RandomStream } from '@heddle/core'
import { type DataSource, type ReadExamples, readTexts, splitText } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { stories } from '@heddle/synthetic'
import * as z from 'zod'
import { ngramBaseline } from '../ngram-lm/ngram-baseline.ts'
import { type Dataset, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { LanguageModelPipeline } from './language-model-pipeline.ts'
import type { TextWindow, WindowBatch } from './language-model-task.ts'
import { CORPUS_FORMAT, corpusFields, corpusFiles, corpusTokenizer, languageModelMetrics } from './text-corpus.ts'

/** The orders of the n-gram models that it is compared with. */
const BASELINE_ORDERS = { lowest: 3, highest: 24 }

export const charLmConfig = z.strictObject({
  ...corpusFields,
  embeddingSize: z.int().min(1).default(64).describe('size of a character vector'),
  hiddenSize: z.int().min(1).default(256).describe('features of the hidden state'),
  numLayers: z.int().min(1).default(2).describe('recurrent layers'),
  cell: z
    .union([z.string(), z.looseObject({ type: z.string() })])
    .default('lstm')
    .describe("recurrent cell: 'lstm', 'gru', 'rnn', another plugin's name, or { type, … }"),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('dropout of character vectors, between layers and before the output'),
  windows: z
    .enum(['stream', 'random'])
    .default('stream')
    .describe('stream: the text in order, the state carried on; random: windows from anywhere'),
  time: z.int().min(2).default(96).describe('characters that the gradient flows back through'),
  batchSize: z.int().min(1).default(32).describe('streams or windows side by side'),
  sampleLength: z.int().min(1).default(400).describe('characters of each text that is written at the end'),
  ...trainingFields({ steps: 2500, learningRate: 3e-3, warmupSteps: 100, evaluateEvery: 250 }),
})
export type CharLmConfig = z.output<typeof charLmConfig>

/**
 * A language model of characters: on tales that the project generates, or on any text file.
 *
 * @see Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks"
 */
export class CharLmRecipe implements Recipe<string, TextWindow, WindowBatch> {
  readonly training: CharLmConfig
  readonly metrics = languageModelMetrics(0.185)
  readonly dataFormat = CORPUS_FORMAT
  readonly #config: CharLmConfig

  constructor(config: CharLmConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): string[] {
    return [stories(this.#config.characters, new RandomStream(seed))]
  }

  read(source: DataSource): Promise<ReadExamples<string>> {
    return readTexts(source)
  }

  /** Each part has a window and the character after it. */
  split(texts: readonly string[]): Dataset<string> {
    const { validation, test } = this.#config
    return splitText(texts, { where: 'char-lm', validation, test, least: this.#config.time + 1 })
  }

  fit(train: readonly string[]): RunFiles {
    return corpusFiles(train)
  }

  model(files: RunFiles): PartSpec {
    const { embeddingSize, hiddenSize, numLayers, cell, dropout } = this.#config
    const { vocabSize } = corpusTokenizer(files)
    return { type: 'recurrent-lm', vocabSize, embeddingSize, hiddenSize, numLayers, cell, dropout }
  }

  pipeline(model: Module, files: RunFiles): LanguageModelPipeline {
    return new LanguageModelPipeline(model, corpusTokenizer(files), this.#config)
  }

  /** The best n-gram model: what counting reaches. */
  baseline(dataset: Dataset<string>): Promise<Record<string, number>> {
    return ngramBaseline(dataset, BASELINE_ORDERS)
  }
}

export const charLmRecipe = recipePoint.of({
  name: 'char-lm',
  summary: 'language model of characters with a recurrent network (built-in: short tales)',
  config: charLmConfig,
  create: (config) => new CharLmRecipe(config),
})
