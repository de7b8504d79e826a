import { HeddleError, type PartSpec, show } from '@heddle/core'
import { z } from 'zod'
import { type CamelKeys, camelKeys, snakeKeys } from '../pipeline/config-keys.ts'
import { type Model, modelPoint } from '../pipeline/points.ts'
import type { TokenBuffer } from '../pipeline/token-buffer.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { UnitTrie } from './unit-trie.ts'

const config = z.strictObject({
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
  max_input_chars_per_word: z.int().min(0).default(100).describe('longer words are unknown'),
  vocab: z.unknown(),
})

export type WordPieceOptions = Partial<Omit<CamelKeys<z.output<typeof config>>, 'vocab'>>

/**
 * Splits a word into the longest piece of the vocabulary that it begins with, then the longest that continues it, and so on. A word that
 * cannot be split to its end is unknown as a whole.
 *
 * @see Schuster and Nakajima 2012, "Japanese and Korean voice search"; Devlin et al. 2019
 */
export class WordPiece implements Model {
  // Splitting a word again costs about as much as remembering it.
  readonly cacheable = false
  readonly #vocabulary: Vocabulary
  readonly #options: Required<WordPieceOptions>
  readonly #trie = new UnitTrie()
  readonly #continuing: number
  readonly #unkId: number | undefined

  constructor(vocabulary: Vocabulary, options: WordPieceOptions = {}) {
    this.#vocabulary = vocabulary
    this.#options = { unkToken: '[UNK]', continuingSubwordPrefix: '##', maxInputCharsPerWord: 100, ...options }
    for (const [token, id] of vocabulary.entries()) if (token !== '') this.#trie.insert(token, id)
    this.#unkId = vocabulary.id(this.#options.unkToken)
    let node = 0
    for (const unit of this.#options.continuingSubwordPrefix)
      node = node < 0 ? node : this.#trie.child(node, unit.charCodeAt(0))
    this.#continuing = node
  }

  tokenize(piece: string, out: TokenBuffer): void {
    const from = out.length
    if (isLonger(piece, this.#options.maxInputCharsPerWord)) {
      this.#unknown(piece, out)
      return
    }
    const trie = this.#trie
    for (let start = 0; start < piece.length; ) {
      let node = start === 0 ? 0 : this.#continuing
      let id = -1
      let end = start
      for (let i = start; i < piece.length && node >= 0; ) {
        node = trie.child(node, piece.charCodeAt(i++))
        if (node < 0) break
        const value = trie.value(node)
        if (value >= 0) {
          id = value
          end = i
        }
      }
      if (id < 0) {
        out.length = from
        this.#unknown(piece, out)
        return
      }
      out.push(id, start, end)
      start = end
    }
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.id(token)
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id)
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

  #unknown(piece: string, out: TokenBuffer): void {
    if (this.#unkId === undefined) {
      throw new HeddleError(
        'usage',
        `WordPiece: expected the unknown token ${show(this.#options.unkToken)} in the vocabulary, got none, and ${show(piece)} is unknown. Add it.`,
      )
    }
    out.push(this.#unkId, 0, piece.length)
  }
}

function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  let characters = 0
  for (let i = 0; i < text.length && characters <= limit; i++, characters++) if (codePointAt(text, i) > 0xffff) i++
  return characters > limit
}

export const wordPiece = modelPoint.of({
  name: 'WordPiece',
  summary: 'the longest known pieces, from left to right',
  config,
  create: ({ vocab, ...options }) => new WordPiece(Vocabulary.fromJSON('WordPiece.vocab', vocab), camelKeys(options)),
})
