import { HeddleError, type PartSpec } from '@heddle/core'
import { decodeText } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import { z } from 'zod'
import type { DataSource } from '../data-source.ts'
import { type Dataset, type MetricInfo, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { trainingFields } from '../training-settings.ts'
import { LanguageModelPipeline } from './language-model-pipeline.ts'
import type { TextWindow, WindowBatch } from './language-model-task.ts'
import { generateStories } from './stories.ts'

const share = z.number().min(0).max(0.5)

export const charLmConfig = z.strictObject({
  characters: z.int().min(2000).default(300_000).describe('how long the built-in text is'),
  validation: share.min(0.01).default(0.1).describe('share of the text, at its end, that is held out for validation'),
  test: share
    .default(0)
    .describe('share of the text, at its very end, held out for the test; 0 reports the validation part'),
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

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'nats per character', better: 'lower' },
  { name: 'bitsPerCharacter', summary: 'bits per character', better: 'lower' },
  { name: 'perplexity', summary: 'as unsure as among so many characters', better: 'lower' },
]

/**
 * A language model of characters: on tales that the project generates, or on any text file.
 *
 * @see Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks"
 */
export class CharLmRecipe implements Recipe<string, TextWindow, WindowBatch> {
  readonly training: CharLmConfig
  readonly metrics = METRICS
  readonly dataFormat = 'a text file, or several, in UTF-8'
  readonly #config: CharLmConfig

  constructor(config: CharLmConfig) {
    this.#config = config
    this.training = config
  }

  builtIn(seed: number): string[] {
    return [generateStories({ length: this.#config.characters, seed })]
  }

  async read({ files }: DataSource): Promise<{ examples: string[]; notes: string[] }> {
    const examples: string[] = []
    for (const file of files) examples.push(decodeText(await file.bytes(), file.name).replaceAll('\r\n', '\n'))
    return { examples, notes: [] }
  }

  split(texts: readonly string[]): Dataset<string> {
    const text = texts.join('\n')
    const { validation, test, time } = this.#config
    const testStart = Math.floor(text.length * (1 - test))
    const validationStart = Math.floor(text.length * (1 - test - validation))
    if (testStart - validationStart <= time || validationStart <= time) {
      const needed = Math.ceil((time + 1) / validation)
      throw new HeddleError(
        'data',
        `char-lm: expected a text of at least ${needed} characters for windows of ${time}, got ${text.length}. Use a longer text, or lower time.`,
      )
    }
    return {
      train: [text.slice(0, validationStart)],
      validation: [text.slice(validationStart, testStart)],
      test: test > 0 ? [text.slice(testStart)] : [],
    }
  }

  fit(train: readonly string[]): RunFiles {
    return { 'tokenizer.json': trainCharTokenizer(train, { specialTokens: ['<unk>'] }).toJSON() }
  }

  model(files: RunFiles): PartSpec {
    const { embeddingSize, hiddenSize, numLayers, cell, dropout } = this.#config
    const { vocabSize } = Tokenizer.fromJSON(files['tokenizer.json'])
    return { type: 'recurrent-lm', vocabSize, embeddingSize, hiddenSize, numLayers, cell, dropout }
  }

  pipeline(model: Module, files: RunFiles): LanguageModelPipeline {
    return new LanguageModelPipeline(model, Tokenizer.fromJSON(files['tokenizer.json']), this.#config)
  }
}

export const charLmRecipe = recipePoint.of({
  name: 'char-lm',
  summary: 'language model of characters with a recurrent network (built-in: short tales)',
  config: charLmConfig,
  create: (config) => new CharLmRecipe(config),
})
