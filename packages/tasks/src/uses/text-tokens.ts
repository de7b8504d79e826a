import { HeddleError } from '@heddle/core'
import type { Tokenizer } from '@heddle/tokenizer'
import type { TextToken } from './read-text.ts'

/** A text as ids, and its tokens as they stand in it. */
interface PlacedTokens {
  readonly ids: readonly number[]
  readonly tokens: readonly TextToken[]
}

/** The ids of a text and its tokens as they stand in it, of which there must be two at least. */
export function textTokens(tokenizer: Tokenizer, text: string, where: string): PlacedTokens {
  const { ids, tokens } = placedTokens(tokenizer, text)
  return { ids, tokens: checkedTokens(tokens, where) }
}

/** The ids of a text and its tokens as they stand in it. */
export function placedTokens(tokenizer: Tokenizer, text: string): PlacedTokens {
  const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false })
  let end = 0
  const tokens = offsets.map(([start, stop]) => {
    // Tokens that are parts of one character share its place.
    const token = { text: text.slice(Math.max(start, end), stop), gap: text.slice(end, start) }
    end = Math.max(end, stop)
    return token
  })
  return { ids: [...ids], tokens }
}

/** @throws HeddleError `data` for fewer than two tokens */
export function checkedTokens(tokens: readonly TextToken[], where: string): readonly TextToken[] {
  if (tokens.length >= 2) return tokens
  throw new HeddleError(
    'data',
    `${where}: expected a text of at least 2 tokens, got ${tokens.length}. Give a longer text.`,
  )
}
