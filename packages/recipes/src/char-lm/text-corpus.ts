import { HeddleError } from '@heddle/core'
import { decodeText } from '@heddle/data'
import { Tokenizer, trainCharTokenizer } from '@heddle/tokenizer'
import { z } from 'zod'
import type { DataSource } from '../data-source.ts'
import type { Dataset, MetricInfo, ReadExamples, RunFiles } from '../recipe.ts'

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

export async function readCorpus({ files }: DataSource): Promise<ReadExamples<string>> {
  const examples: string[] = []
  for (const file of files) examples.push(decodeText(await file.bytes(), file.name).replaceAll('\r\n', '\n'))
  return { examples, notes: [] }
}

/**
 * The start of the text to learn from, then the validation part, then the test part.
 *
 * @param least characters that training and validation each need
 * @throws HeddleError `data` for a shorter text
 */
export function splitCorpus(
  texts: readonly string[],
  { validation, test }: { validation: number; test: number },
  least: number,
  where: string,
): Dataset<string> {
  const text = texts.join('\n')
  const testStart = Math.floor(text.length * (1 - test))
  const validationStart = Math.floor(text.length * (1 - test - validation))
  if (testStart - validationStart < least || validationStart < least) {
    throw new HeddleError(
      'data',
      `${where}: expected a text of at least ${Math.ceil(least / validation)} characters, got ${text.length}. Use a longer text.`,
    )
  }
  return {
    train: [text.slice(0, validationStart)],
    validation: [text.slice(validationStart, testStart)],
    test: test > 0 ? [text.slice(testStart)] : [],
  }
}

export function corpusFiles(train: readonly string[]): RunFiles {
  return { 'tokenizer.json': trainCharTokenizer(train, { specialTokens: ['<unk>'] }).toJSON() }
}

export const corpusTokenizer = (files: RunFiles): Tokenizer => Tokenizer.fromJSON(files['tokenizer.json'])

/** The ids of all texts, one after the other. */
export const corpusIds = (tokenizer: Tokenizer, texts: readonly string[]): Int32Array =>
  Int32Array.from(texts.flatMap((text) => tokenizer.encodeIds(text)))
