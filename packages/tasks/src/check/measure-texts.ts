import { specialTokensOf, type Tokenizer } from '@heddle/tokenizer'
import type { ExampleSize } from './facts.ts'

/** The id of the unknown token, which is looked up once: it stands in none of the fields of a tokenizer. */
const unknownIds = new WeakMap<Tokenizer, { readonly id: number | undefined }>()

function unknownIdOf(tokenizer: Tokenizer): number | undefined {
  const known = unknownIds.get(tokenizer)
  if (known !== undefined) return known.id
  const { unk } = specialTokensOf(tokenizer)
  const id = unk === undefined ? undefined : tokenizer.tokenToId(unk)
  unknownIds.set(tokenizer, { id })
  return id
}

/** Tokens of texts before anything is cut off, special ones left out. */
export function measureTexts(tokenizer: Tokenizer, texts: readonly string[]): ExampleSize {
  const unknownId = unknownIdOf(tokenizer)
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
