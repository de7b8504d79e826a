import { HeddleError, type PartSpec, show } from '@heddle/core'
import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { textOf, unitsOf } from '../unicode/units.ts'
import { PackedTrie, ROOT } from './packed-trie.ts'
import { UnitTrie } from './unit-trie.ts'

const config = schema.strictObject({
  unk_token: schema.string().default('[UNK]'),
  continuing_subword_prefix: schema.string().default('##'),
  max_input_chars_per_word: schema.integer(0).default(100).describe('longer words are unknown'),
  vocab: schema.unknown(),
})

export type WordPieceOptions = Partial<Omit<CamelKeys<schema.Output<typeof config>>, 'vocab'>>

/**
 * Splits a word greedily into the longest tokens of the vocabulary, from left to right. A word that cannot be split to its end is unknown as
 * a whole.
 *
 * @see Schuster and Nakajima 2012, "Japanese and Korean voice search"; Devlin et al. 2019
 */
export class WordPiece implements Model {
  // Splitting a word costs about as much as a cache lookup.
  readonly cacheable = false
  readonly #vocabulary: Vocabulary
  readonly #options: Required<WordPieceOptions>
  readonly #trie: PackedTrie
  readonly #continuing: number
  readonly #unkId: number | undefined

  constructor(vocabulary: Vocabulary, options: WordPieceOptions = {}) {
    this.#vocabulary = vocabulary
    this.#options = { unkToken: '[UNK]', continuingSubwordPrefix: '##', maxInputCharsPerWord: 100, ...options }
    const trie = new UnitTrie()
    for (const [token, id] of vocabulary.entries()) if (token !== '') trie.insert(token, id)
    this.#trie = new PackedTrie(trie)
    this.#unkId = vocabulary.id(this.#options.unkToken)
    let node = ROOT
    for (const unit of this.#options.continuingSubwordPrefix)
      node = node < 0 ? node : this.#trie.child(node, unit.charCodeAt(0))
    this.#continuing = node
  }

  tokenize(preToken: string, out: TokenBuffer): void {
    this.tokenizeUnits(unitsOf(preToken), 0, preToken.length, out)
  }

  tokenizeUnits(units: Uint16Array, from: number, to: number, out: TokenBuffer): void {
    const first = out.length
    if (isLonger(units, from, to, this.#options.maxInputCharsPerWord)) {
      this.#unknown(units, from, to, out)
      return
    }
    const trie = this.#trie
    for (let start = from; start < to; ) {
      let node = start === from ? ROOT : this.#continuing
      let id = -1
      let end = start
      for (let i = start; i < to && node >= 0; ) {
        node = trie.child(node, units[i++]!)
        if (node < 0) break
        const value = trie.value(node)
        if (value >= 0) {
          id = value
          end = i
        }
      }
      if (id < 0) {
        out.length = first
        this.#unknown(units, from, to, out)
        return
      }
      out.push(id, start - from, end - from)
      start = end
    }
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.id(token)
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id)
  }

  get continuingSubwordPrefix(): string | undefined {
    return this.#options.continuingSubwordPrefix
  }

  get vocabSize(): number {
    return this.#vocabulary.size
  }

  vocabulary(): Map<string, number> {
    return this.#vocabulary.toMap()
  }

  toJSON(): PartSpec {
    return { type: 'WordPiece', ...snakeKeys(this.#options), vocab: this.#vocabulary.toJSON() }
  }

  #unknown(units: Uint16Array, from: number, to: number, out: TokenBuffer): void {
    if (this.#unkId === undefined) {
      throw new HeddleError(
        'usage',
        `WordPiece: expected the unknown token ${show(this.#options.unkToken)} in the vocabulary, got none, and ${show(textOf(units, from, to))} is unknown. Add it.`,
      )
    }
    out.push(this.#unkId, 0, to - from)
  }
}

function isLonger(units: Uint16Array, from: number, to: number, limit: number): boolean {
  if (to - from <= limit) return false
  let characters = 0
  for (let i = from; i < to; i++) {
    const isLow = i > from && (units[i]! & 0xfc00) === 0xdc00 && (units[i - 1]! & 0xfc00) === 0xd800
    if (!isLow) characters++
  }
  return characters > limit
}

export const wordPiece = tokenizerModelPoint.of({
  name: 'WordPiece',
  summary: 'the longest known tokens, from left to right',
  config,
  create: ({ vocab, ...options }) => new WordPiece(Vocabulary.fromJSON('WordPiece.vocab', vocab), camelKeys(options)),
})
