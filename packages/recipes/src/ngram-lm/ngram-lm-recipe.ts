import { HeddleError, type PartSpec } from '@heddle/core'
import { decodeText } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { NgramModel } from '@heddle/ngram'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import { z } from 'zod'
import { generateStories } from '../char-lm/stories.ts'
import type { DataSource } from '../data-source.ts'
import { heldOut } from '../dataset.ts'
import { type Dataset, type MetricInfo, type ReadExamples, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { NgramPipeline } from './ngram-pipeline.ts'

const share = z.number().min(0).max(0.5)

export const ngramLmConfig = z.strictObject({
  characters: z.int().min(2000).default(300_000).describe('how long the built-in text is'),
  order: z.int().min(1).default(7).describe('characters of the longest n-grams'),
  validation: share.min(0.01).default(0.1).describe('share of the text, at its end, that is held out for validation'),
  test: share
    .default(0)
    .describe('share of the text, at its very end, held out for the test; 0 reports the validation part'),
})
export type NgramLmConfig = z.output<typeof ngramLmConfig>

const METRICS: readonly MetricInfo[] = [
  { name: 'loss', summary: 'nats per character', better: 'lower', expected: 0.28 },
  { name: 'bitsPerCharacter', summary: 'bits per character', better: 'lower' },
  { name: 'perplexity', summary: 'as unsure as among so many characters', better: 'lower' },
]

/**
 * A Markov-chain language model of characters: what the recurrent one is compared with, on the same parts of the same text. It
 * is counted in one pass.
 *
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling"
 */
export class NgramLmRecipe implements Recipe<string> {
  readonly metrics = METRICS
  readonly dataFormat = 'a text file, or several, in UTF-8'
  readonly #config: NgramLmConfig

  constructor(config: NgramLmConfig) {
    this.#config = config
  }

  builtIn(seed: number): string[] {
    return [generateStories({ length: this.#config.characters, seed })]
  }

  async read({ files }: DataSource): Promise<ReadExamples<string>> {
    const examples: string[] = []
    for (const file of files) examples.push(decodeText(await file.bytes(), file.name).replaceAll('\r\n', '\n'))
    return { examples, notes: [] }
  }

  split(texts: readonly string[]): Dataset<string> {
    const text = texts.join('\n')
    const { validation, test } = this.#config
    const testStart = Math.floor(text.length * (1 - test))
    const validationStart = Math.floor(text.length * (1 - test - validation))
    if (validationStart === 0 || testStart === validationStart) {
      throw new HeddleError('data', `ngram-lm: expected a longer text, got ${text.length} characters.`)
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
    const { vocabSize } = Tokenizer.fromJSON(files['tokenizer.json'])
    return { type: 'ngram-lm', vocabSize, order: this.#config.order }
  }

  pipeline(model: Module, files: RunFiles): NgramPipeline {
    return new NgramPipeline(model, Tokenizer.fromJSON(files['tokenizer.json']))
  }

  /** The frequencies of single characters. */
  async baseline(dataset: Dataset<string>): Promise<Record<string, number>> {
    const tokenizer = Tokenizer.fromJSON(this.fit(dataset.train)['tokenizer.json'])
    const ids = (texts: readonly string[]) => texts.flatMap((text) => tokenizer.encodeIds(text))
    const unigrams = NgramModel.fromStream(ids(dataset.train), { order: 1, vocabSize: tokenizer.vocabSize })
    const { logProbability, numTokens } = unigrams.evaluate([ids(heldOut(dataset).examples)])
    const loss = -logProbability / numTokens
    return { loss, bitsPerCharacter: loss / Math.LN2, perplexity: Math.exp(loss) }
  }
}

export const ngramLmRecipe = recipePoint.of({
  name: 'ngram-lm',
  summary: 'language model of characters by counting n-grams (built-in: short tales)',
  config: ngramLmConfig,
  create: (config) => new NgramLmRecipe(config),
})
