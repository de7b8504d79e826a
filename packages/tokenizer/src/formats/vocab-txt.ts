import { HeddleError } from '@heddle/core'
import { WordPiece as WordPieceDecoder } from '../decoders/word-piece.ts'
import { WordPiece } from '../models/word-piece.ts'
import { BertNormalizer } from '../normalizers/bert-normalizer.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { TemplateProcessing } from '../post-processors/template-processing.ts'
import { BertPreTokenizer } from '../pre-tokenizers/bert-pre-tokenizer.ts'
import { Tokenizer } from '../tokenizer.ts'

/**
 * Reads a vocab.txt: one token per line, with the line number from 0 as its id.
 *
 * @throws HeddleError `format`, naming the line, if a token occurs twice or a line is empty
 */
export function readVocabTxt(text: string, where = 'vocab.txt'): Vocabulary {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const seen = new Map<string, number>()
  for (const [id, token] of lines.entries()) {
    const first = seen.get(token)
    if (token === '' || first !== undefined) {
      const got = token === '' ? 'an empty line' : `${JSON.stringify(token)} again, which is on line ${first! + 1} too`
      throw new HeddleError('format', `${where}, line ${id + 1}: expected a new token, got ${got}. Check the file.`)
    }
    seen.set(token, id)
  }
  return new Vocabulary(seen)
}

export interface BertTokenizerOptions {
  /** Whether the model is uncased. Default true. */
  readonly lowercase?: boolean
  /** Whether to remove accents. Default: only if lowercase. */
  readonly stripAccents?: boolean | null
  readonly handleChineseChars?: boolean
  /** Name of the file, for messages. */
  readonly where?: string
}

/**
 * BERT's tokenizer from its vocab.txt.
 *
 * @throws HeddleError `format` if the file is malformed or lacks one of BERT's special tokens
 */
export function bertTokenizer(vocabTxt: string, options: BertTokenizerOptions = {}): Tokenizer {
  const { lowercase = true, stripAccents = null, handleChineseChars = true, where = 'vocab.txt' } = options
  const vocabulary = readVocabTxt(vocabTxt, where)
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const missing = special.filter((token) => !vocabulary.has(token))
  if (missing.length > 0) {
    throw new HeddleError(
      'format',
      `${where}: expected the tokens ${special.join(', ')}, got none of ${missing.join(', ')}. Check the file.`,
    )
  }
  return new Tokenizer({
    normalizer: new BertNormalizer({ lowercase, stripAccents, handleChineseChars }),
    preTokenizer: new BertPreTokenizer(),
    model: new WordPiece(vocabulary),
    postProcessor: new TemplateProcessing({
      single: '[CLS] $A [SEP]',
      pair: '[CLS] $A [SEP] $B:1 [SEP]:1',
      specialTokens: { '[CLS]': vocabulary.id('[CLS]')!, '[SEP]': vocabulary.id('[SEP]')! },
    }),
    decoder: new WordPieceDecoder(),
    addedTokens: special.map((content) => ({ content, special: true })),
  })
}
