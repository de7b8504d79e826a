import { HeddleError, show } from '@heddle/core'
import { ByteLevel as ByteLevelDecoder } from '../decoders/byte-level.ts'
import { BPE } from '../models/bpe.ts'
import type { Merge } from '../models/merge-list.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { ByteLevel as ByteLevelProcessor } from '../post-processors/byte-level.ts'
import { RobertaProcessing } from '../post-processors/roberta-processing.ts'
import { ByteLevel } from '../pre-tokenizers/byte-level.ts'
import { Tokenizer } from '../tokenizer.ts'

/**
 * Reads a merges.txt (or vocab.bpe): one pair per line, in rank order, after an optional line `#version: …`.
 *
 * @throws HeddleError `format`, naming the line
 */
export function readMergesTxt(text: string, where = 'merges.txt'): Merge[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const merges: Merge[] = []
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('#version')) continue
    const [left, right, ...more] = line.split(' ')
    if (!left || !right || more.length > 0) {
      throw new HeddleError(
        'format',
        `${where}, line ${i + 1}: expected two tokens with a space between, got ${show(line)}. Check the file.`,
      )
    }
    merges.push([left, right])
  }
  return merges
}

/**
 * Reads a vocab.json (or encoder.json): an object of ids by token.
 *
 * @throws HeddleError `format` if it is not JSON, or an id is wrong
 */
export function readVocabJson(text: string, where = 'vocab.json'): Vocabulary {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new HeddleError(
      'format',
      `${where}: expected JSON, got ${show(text)} (${(error as Error).message}). Check the file.`,
    )
  }
  return Vocabulary.fromJSON(where, value)
}

/** GPT-2's tokenizer from its vocab.json and merges.txt. */
export function gpt2Tokenizer(vocabJson: string, mergesTxt: string): Tokenizer {
  const vocabulary = readVocabJson(vocabJson)
  const endOfText = '<|endoftext|>'
  return new Tokenizer({
    preTokenizer: new ByteLevel({ addPrefixSpace: false }),
    model: new BPE(vocabulary, readMergesTxt(mergesTxt)),
    postProcessor: new ByteLevelProcessor({ addPrefixSpace: true, trimOffsets: false }),
    decoder: new ByteLevelDecoder(),
    addedTokens: vocabulary.has(endOfText) ? [{ content: endOfText, special: true }] : [],
  })
}

/**
 * RoBERTa's tokenizer from its vocab.json and merges.txt.
 *
 * @throws HeddleError `format` if the vocabulary lacks one of its special tokens
 */
export function robertaTokenizer(vocabJson: string, mergesTxt: string): Tokenizer {
  const vocabulary = readVocabJson(vocabJson)
  const special = ['<s>', '<pad>', '</s>', '<unk>', '<mask>']
  const missing = special.filter((token) => !vocabulary.has(token))
  if (missing.length > 0) {
    throw new HeddleError(
      'format',
      `vocab.json: expected the tokens ${special.join(', ')}, got none of ${missing.join(', ')}. Check the file.`,
    )
  }
  return new Tokenizer({
    preTokenizer: new ByteLevel({ addPrefixSpace: false }),
    model: new BPE(vocabulary, readMergesTxt(mergesTxt)),
    postProcessor: new RobertaProcessing({
      sep: ['</s>', vocabulary.id('</s>')!],
      cls: ['<s>', vocabulary.id('<s>')!],
      addPrefixSpace: false,
    }),
    decoder: new ByteLevelDecoder(),
    addedTokens: special.map((content) => ({ content, special: true, lstrip: content === '<mask>' })),
  })
}
