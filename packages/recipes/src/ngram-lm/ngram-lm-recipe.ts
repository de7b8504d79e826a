import { type PartSpec, RandomStream } from '@heddle/core'
import { type DataSource, type ReadExamples, readTexts, splitText } from '@heddle/data'
import type { Module } from '@heddle/layers'
import { stories } from '@heddle/synthetic'
import * as z from 'zod'
import {
  CORPUS_FORMAT,
  corpusFields,
  corpusFiles,
  corpusTokenizer,
  languageModelMetrics,
} from '../char-lm/text-corpus.ts'
import { type Dataset, type Recipe, type RunFiles, recipePoint } from '../recipe.ts'
import { ngramBaseline } from './ngram-baseline.ts'
import { NgramPipeline } from './ngram-pipeline.ts'

export const ngramLmConfig = z.strictObject({
  ...corpusFields,
  order: z.int().min(1).default(7).describe('characters of the longest n-grams'),
})
export type NgramLmConfig = z.output<typeof ngramLmConfig>

/**
 * A Markov-chain language model of characters: what the recurrent one is compared with, on the same parts of the same text. It
 * is counted in one pass.
 *
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling"
 */
export class NgramLmRecipe implements Recipe<string> {
  readonly metrics = languageModelMetrics(0.28)
  readonly dataFormat = CORPUS_FORMAT
  readonly #config: NgramLmConfig

  constructor(config: NgramLmConfig) {
    this.#config = config
  }

  builtIn(seed: number): string[] {
    return [stories(this.#config.characters, new RandomStream(seed))]
  }

  read(source: DataSource): Promise<ReadExamples<string>> {
    return readTexts(source)
  }

  split(texts: readonly string[]): Dataset<string> {
    const { validation, test } = this.#config
    return splitText(texts, { where: 'ngram-lm', validation, test, least: 1 })
  }

  fit(train: readonly string[]): RunFiles {
    return corpusFiles(train)
  }

  model(files: RunFiles): PartSpec {
    return { type: 'ngram-lm', vocabSize: corpusTokenizer(files).vocabSize, order: this.#config.order }
  }

  pipeline(model: Module, files: RunFiles): NgramPipeline {
    return new NgramPipeline(model, corpusTokenizer(files))
  }

  /** The frequencies of single characters. */
  baseline(dataset: Dataset<string>): Promise<Record<string, number>> {
    return ngramBaseline(dataset, { lowest: 1, highest: 1 })
  }
}

export const ngramLmRecipe = recipePoint.of({
  name: 'ngram-lm',
  summary: 'language model of characters by counting n-grams (built-in: short tales)',
  config: ngramLmConfig,
  create: (config) => new NgramLmRecipe(config),
})
