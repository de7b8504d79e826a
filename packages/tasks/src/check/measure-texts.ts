import { specialTokensOf, type Tokenizer } from '@heddle/tokenizer'
import type { ExampleSize } from './facts.ts'

/** Tokens of texts before anything is cut off, special ones left out. */
export function measureTexts(tokenizer: Tokenizer, texts: readonly string[]): ExampleSize {
  const { unk } = specialTokensOf(tokenizer)
  const unknownId = unk === undefined ? undefined : tokenizer.tokenToId(unk)
  const { truncation } = tokenizer
  tokenizer.truncation = undefined
  try {
    let [tokens, unknown] = [0, 0]
    for (const text of texts) {
      const ids = tokenizer.encodeIds(text, { addSpecialTokens: false })
      tokens += ids.length
      for (const id of ids) if (id === unknownId) unknown++
    }
    return { tokens, unknown }
  } finally {
    tokenizer.truncation = truncation
  }
}
