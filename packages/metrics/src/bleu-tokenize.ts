import { words } from './words.ts'

export type BleuTokenizer = '13a' | 'char' | 'none'

const ENTITIES = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
] as const

// ASCII punctuation but the apostrophe, the comma, the hyphen and the full stop; the space changes nothing.
const PUNCTUATION = /[\x20-\x26\x28-\x2b\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g

/**
 * The tokenization of the script mteval-v13a, with which WMT's scores are made: punctuation apart, full stops and commas apart
 * unless between digits, a hyphen apart after a digit.
 *
 * @see https://github.com/mjpost/sacrebleu, tokenizer `13a`
 */
function tokenize13a(text: string): string[] {
  let line = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ')
  for (const [entity, character] of ENTITIES) line = line.replaceAll(entity, character)
  line = ` ${line} `
    .replace(PUNCTUATION, ' $& ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])-/g, '$1 - ')
  return words(line)
}

/** The tokens that BLEU counts. */
export function bleuTokens(text: string, tokenizer: BleuTokenizer): string[] {
  if (tokenizer === '13a') return tokenize13a(text)
  return words(tokenizer === 'char' ? [...text].join(' ') : text)
}
