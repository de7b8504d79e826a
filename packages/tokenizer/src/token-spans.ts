import type { Tokenizer } from './tokenizer.ts'

/** A stretch of text and its tokens; no tokens for text that none covers, such as white space. */
export interface TokenSpan {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly tokens: readonly { readonly id: number; readonly token: string }[]
}

/**
 * Splits a text at the borders of its tokens, for display: the joined spans equal the text.
 *
 * Tokens that cover the same characters (the bytes of one character) share a span.
 */
export function tokenSpans(tokenizer: Tokenizer, text: string): TokenSpan[] {
  const { ids, tokens, offsets, specialTokensMask } = tokenizer.encode(text, undefined, { addSpecialTokens: false })
  const spans: { start: number; end: number; tokens: { id: number; token: string }[] }[] = []
  let covered = 0
  for (const [i, [start, end]] of offsets.entries()) {
    // Padding covers no text.
    if (specialTokensMask[i] === 1) continue
    const token = { id: ids[i]!, token: tokens[i]! }
    const last = spans.at(-1)
    if (last !== undefined && (start < covered || end <= covered)) {
      last.end = Math.max(last.end, end)
      last.tokens.push(token)
    } else {
      if (start > covered) spans.push({ start: covered, end: start, tokens: [] })
      spans.push({ start, end, tokens: [token] })
    }
    covered = Math.max(covered, end)
  }
  if (covered < text.length) spans.push({ start: covered, end: text.length, tokens: [] })
  return spans.map((span) => ({ ...span, text: text.slice(span.start, span.end) }))
}
