import { type Module, namedParameters } from '@heddle/layers'
import { specialTokensOf, type Tokenizer } from '@heddle/tokenizer'
import type { WordTable } from './pipeline.ts'

/** Marks of a token that starts a word, or that touches another one. */
const MARKS = /^[▁Ġ]|￭/gu

/**
 * The table with a vector for each token of a model's input, for pre-trained vectors of words: the first table of as many rows as the
 * tokenizer has tokens. Special tokens and parts within a word (`##ing`) have no word; where two tokens spell one, the first has it.
 *
 * @returns undefined for a model without such a table, as `{ wordTable }` otherwise, to be spread into a pipeline
 */
export function tokenTable(model: Module, tokenizer: Tokenizer): { readonly wordTable: WordTable } | undefined {
  const found = namedParameters(model).find(
    ([, { table, shape }]) => table && shape.length === 2 && shape[0] === tokenizer.vocabSize,
  )
  if (found === undefined) return undefined
  const [path, weight] = found
  const special = new Set<string | undefined>(Object.values(specialTokensOf(tokenizer)))
  const rows = new Map<string, number>()
  for (const [token, id] of [...tokenizer.vocabulary()].sort(([, a], [, b]) => a - b)) {
    const word = token.replace(MARKS, '')
    if (word !== '' && !special.has(token) && !token.startsWith('##') && !rows.has(word)) rows.set(word, id)
  }
  const size = path.startsWith('embedding.') ? 'embeddingSize' : 'hiddenSize'
  return { wordTable: { weight, rows, sizeSetting: `model.${path.startsWith('encoder.') ? 'encoder.' : ''}${size}` } }
}
