import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import type { TextToken } from './read-text.ts'

/** The ids of a text and its tokens as they stand in it. */
export function textTokens(
  tokenizer: Tokenizer,
  text: string,
  where: string,
): { ids: readonly number[]; tokens: readonly TextToken[] } {
  const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false })
  let end = 0
  const tokens = offsets.map(([start, stop]) => {
    // Tokens that are parts of one character share its place.
    const token = { text: text.slice(Math.max(start, end), stop), gap: text.slice(end, start) }
    end = Math.max(end, stop)
    return token
  })
  return { ids: [...ids], tokens: checkedTokens(tokens, where) }
}

/** @throws HeddleError `data` for fewer than two tokens */
export function checkedTokens(tokens: readonly TextToken[], where: string): readonly TextToken[] {
  if (tokens.length >= 2) return tokens
  throw new HeddleError(
    'data',
    `${where}: expected a text of at least 2 tokens, got ${tokens.length}. Give a longer text.`,
  )
}
