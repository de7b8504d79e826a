import { words } from './words.ts'

export type BleuTokenizer = '13a' | 'char' | 'none'

const ENTITIES = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
] as const

// ASCII punctuation without apostrophe, comma, hyphen and full stop. The space in the range has no effect.
const PUNCTUATION = /[\x20-\x26\x28-\x2b\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g

/**
 * Tokenizes as the script mteval-v13a, which WMT's scores are computed with: punctuation is separate, full stops and commas too
 * unless between digits, and a hyphen after a digit.
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

/** Returns the tokens that BLEU counts. */
export function bleuTokens(text: string, tokenizer: BleuTokenizer): string[] {
  if (tokenizer === '13a') return tokenize13a(text)
  return words(tokenizer === 'char' ? [...text].join(' ') : text)
}
