import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import * as z from 'zod'
import type { MetricInfo, RunFiles } from '../recipe.ts'

const share = z.number().min(0).max(0.5)

/** The config fields of recipes that learn from one long text. */
export const corpusFields = {
  characters: z.int().min(2000).default(300_000).describe('how long the built-in text is'),
  validation: share.min(0.01).default(0.1).describe('share of the text, at its end, that is held out for validation'),
  test: share
    .default(0)
    .describe('share of the text, at its very end, held out for the test; 0 reports the validation part'),
}

export const CORPUS_FORMAT = 'a text file, or several, in UTF-8'

/** The metrics of a language model of characters. */
export function languageModelMetrics(expected: number): MetricInfo[] {
  return [
    { name: 'loss', summary: 'nats per character', better: 'lower', expected },
    { name: 'bitsPerCharacter', summary: 'bits per character', better: 'lower' },
    { name: 'perplexity', summary: 'as unsure as among so many characters', better: 'lower' },
  ]
}

export function corpusFiles(train: readonly string[]): RunFiles {
  return { 'tokenizer.json': trainCharTokenizer(train, { specialTokens: ['<unk>'] }).toJSON() }
}

export const corpusTokenizer = (files: RunFiles): Tokenizer => Tokenizer.fromJSON(files['tokenizer.json'])

/** The ids of all texts, one after the other. */
export const corpusIds = (tokenizer: Tokenizer, texts: readonly string[]): Int32Array =>
  Int32Array.from(texts.flatMap((text) => tokenizer.encodeIds(text)))
