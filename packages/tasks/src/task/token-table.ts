import { type Module, namedParameters, type Parameter } from '@heddle/layers'
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
  const table = tablesOf(model, tokenizer)[0]
  return table && { wordTable: wordTable(table, tokenizer) }
}

/** The same for the tokens that a model writes, as `{ targetWordTable }`, where what it reads are no tokens. */
export function targetTokenTable(
  model: Module,
  tokenizer: Tokenizer,
): { readonly targetWordTable: WordTable } | undefined {
  const table = tablesOf(model, tokenizer)[0]
  return table && { targetWordTable: wordTable(table, tokenizer) }
}

/** Both tables of a model that reads tokens and writes tokens: the first one, and the next one of the target's size unless they share one. */
export function pairTokenTables(
  model: Module,
  { source, target }: { readonly source: Tokenizer; readonly target: Tokenizer },
): { readonly wordTable?: WordTable; readonly targetWordTable?: WordTable } {
  const read = tablesOf(model, source)[0]
  const others = tablesOf(model, target).filter(([, weight]) => weight !== read?.[1])
  if (others[0] !== undefined) {
    return { ...(read && { wordTable: wordTable(read, source) }), targetWordTable: wordTable(others[0], target) }
  }
  if (read === undefined) return {}
  const shared = { ...wordTable(read, source), sizeSetting: 'model.hiddenSize' }
  return { wordTable: shared, targetWordTable: shared }
}

type NamedParameter = readonly [path: string, parameter: Parameter]

const tablesOf = (model: Module, { vocabSize }: Tokenizer): readonly NamedParameter[] =>
  namedParameters(model).filter(([, { table, shape }]) => table && shape.length === 2 && shape[0] === vocabSize)

function wordTable([path, weight]: NamedParameter, tokenizer: Tokenizer): WordTable {
  const special = new Set<string | undefined>(Object.values(specialTokensOf(tokenizer)))
  const rows = new Map<string, number>()
  for (const [token, id] of [...tokenizer.vocabulary()].sort(([, a], [, b]) => a - b)) {
    const word = token.replace(MARKS, '')
    if (word !== '' && !special.has(token) && !token.startsWith('##') && !rows.has(word)) rows.set(word, id)
  }
  const [side = ''] = /^(?:encoder|decoder(?=\.embedding))\./.exec(path) ?? []
  const size = /^(?:(?:en|de)coder\.)?embedding\./.test(path) ? 'embeddingSize' : 'hiddenSize'
  return { weight, rows, sizeSetting: `model.${side}${size}` }
}
