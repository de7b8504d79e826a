import { HeddleError, type PartSpec, show } from '@heddle/core'
import { type CamelKeys, camelKeys, snakeKeys } from '../config/config-keys.ts'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { unitsAt } from '../unicode/code-point.ts'
import { textOf } from '../unicode/units.ts'
import { type FlatMerges, flatMerges, type Merge, mergeIds, readMerges } from './merge-list.ts'
import { addSymbol, mergeSymbols, newSymbols, reserve, type Symbols } from './merge-symbols.ts'
import { MergeTable } from './merge-table.ts'
import { TokenSearch } from './token-search.ts'
import { type UniformNumbers, uniformNumbers } from './uniform-numbers.ts'

const config = schema.strictObject({
  dropout: schema
    .number({ minimum: 0, maximum: 1 })
    .nullable()
    .default(null)
    .describe('probability with which each merge is skipped, for training; null for none'),
  unk_token: schema.string().nullable().default(null).describe('token for unknown characters; null leaves them out'),
  continuing_subword_prefix: schema.string().nullable().default(null).describe('prefix of tokens within a word'),
  end_of_word_suffix: schema.string().nullable().default(null).describe('suffix of the last token of a word'),
  fuse_unk: schema.boolean().default(false).describe('make consecutive unknown characters one token'),
  byte_fallback: schema
    .boolean()
    .default(false)
    .describe('write unknown characters as tokens of their bytes (<0xED>) if the vocabulary has these'),
  ignore_merges: schema
    .boolean()
    .default(false)
    .describe('make a word of the vocabulary one token even if no merges lead to it'),
  unused: schema
    .array(schema.integer(0))
    .default([])
    .describe('ids of tokens that are merged further but never remain: they are split again'),
  vocab: schema.unknown(),
  merges: schema.unknown(),
})

type Config = CamelKeys<Omit<schema.Output<typeof config>, 'vocab' | 'merges'>>

/** The options of a BPE model, as in tokenizer.json; none is required. */
export interface BPEOptions extends Partial<Config> {
  /** Source of randomness for dropout, such as a `RandomStream`. Default: a stream with seed 0. */
  readonly random?: UniformNumbers
}

/**
 * Byte pair encoding: splits a word into characters and merges pairs in the order in which they were learned.
 *
 * @see Sennrich et al. 2016, "Neural machine translation of rare words with subword units"; for dropout Provilkov et al. 2020
 */
export class BPE implements Model {
  readonly cacheable: boolean
  readonly random: boolean
  readonly #vocabulary: Vocabulary
  readonly #merges: readonly string[]
  readonly #table: MergeTable
  readonly #options: Config
  readonly #random: UniformNumbers
  readonly #unkId: number | undefined
  // Ids of characters up to U+FFFF, -1 for unknown ones; used without affixes.
  readonly #characters: Int32Array = new Int32Array(0x10000).fill(NOT_LOOKED_UP)
  readonly #byteIds: readonly number[] | undefined
  readonly #hasAffixes: boolean
  // For models whose words of known characters are these characters, merged.
  #search: TokenSearch | undefined
  readonly #makeSearch: (() => TokenSearch) | undefined
  #wordsUntilSearch: number
  // For each unused token the tokens that it is split into, once they are needed.
  readonly #parts = new Map<number, readonly number[] | undefined>()
  // Largest number of bytes, and so of symbols, for a UTF-16 unit.
  readonly #mostBytes: number
  readonly #symbols: Symbols = newSymbols()

  /** @throws HeddleError `format` if the parts or the result of a merge are not in the vocabulary; `config` for a wrong dropout */
  constructor(vocabulary: Vocabulary, merges: readonly Merge[] | FlatMerges, options: BPEOptions = {}) {
    const { random = uniformNumbers(), ...given } = options
    const defaults = { unkToken: null, dropout: null, continuingSubwordPrefix: null, endOfWordSuffix: null }
    this.#options = { ...defaults, fuseUnk: false, byteFallback: false, ignoreMerges: false, unused: [], ...given }
    this.#random = random
    const { dropout, unkToken, byteFallback, continuingSubwordPrefix: prefix } = this.#options
    if (dropout !== null && !(dropout >= 0 && dropout <= 1)) {
      throw new HeddleError('config', `BPE: expected a dropout from 0 to 1, got ${show(dropout)}.`)
    }
    this.cacheable = dropout === null || dropout === 0
    this.random = !this.cacheable
    this.#vocabulary = vocabulary
    this.#merges = flatMerges(merges)
    const ids = mergeIds(vocabulary, this.#merges, prefix?.length ?? 0)
    this.#table = new MergeTable(ids)
    for (const id of this.#options.unused) this.#parts.set(id, undefined)
    this.#unkId = unkToken === null ? undefined : vocabulary.id(unkToken)
    const byteIds = Array.from(
      { length: 256 },
      (_, byte) => vocabulary.id(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? -1,
    )
    const { endOfWordSuffix: suffix } = this.#options
    this.#hasAffixes = prefix !== null || suffix !== null
    const isPlain = !this.#hasAffixes && this.cacheable && this.#options.unused.length === 0 && vocabulary.isUnique
    if (isPlain) this.#makeSearch = () => new TokenSearch(vocabulary, this.#table, ids, (unit) => this.#unitId(unit))
    this.#wordsUntilSearch = vocabulary.size <= SMALL ? 0 : vocabulary.size
    if (this.#wordsUntilSearch === 0) this.#search = this.#makeSearch?.()
    this.#mostBytes = 3 + encoder.encode((prefix ?? '') + (suffix ?? '')).length
    this.#byteIds = byteFallback ? byteIds : undefined
  }

  tokenize(preToken: string, out: TokenBuffer): void {
    if (this.#options.ignoreMerges) {
      const id = this.#vocabulary.id(preToken)
      if (id !== undefined) {
        out.push(id, 0, preToken.length)
        return
      }
    }
    const symbols = this.#symbols
    this.#split(preToken)
    const { dropout } = this.#options
    if (dropout === null || dropout === 0) mergeSymbols(symbols, this.#table)
    else mergeSymbols(symbols, this.#table, () => this.#random.uniform() < dropout)
    if (this.#parts.size > 0)
      for (let i = 0; i < symbols.count; i++) this.#pushUsed(symbols.ids[i]!, symbols.starts[i]!, symbols.ends[i]!, out)
    else for (let i = 0; i < symbols.count; i++) out.push(symbols.ids[i]!, symbols.starts[i]!, symbols.ends[i]!)
  }

  tokenizeUnits(units: Uint16Array, from: number, to: number, out: TokenBuffer): void {
    if (this.#search === undefined && this.#wordsUntilSearch-- === 0) this.#search = this.#makeSearch?.()
    const search = this.#search
    const id = search !== undefined && this.#options.ignoreMerges ? search.whole(units, from, to) : -1
    if (id >= 0) out.push(id, 0, to - from)
    else if (!search?.tokenize(units, from, to, out)) this.tokenize(textOf(units, from, to), out)
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.id(token)
  }

  idToToken(id: number): string | undefined {
    return this.#vocabulary.token(id)
  }

  get continuingSubwordPrefix(): string | undefined {
    return this.#options.continuingSubwordPrefix ?? undefined
  }

  get vocabSize(): number {
    return this.#vocabulary.size
  }

  vocabulary(): Map<string, number> {
    return this.#vocabulary.toMap()
  }

  /** The merges, in the order in which they were learned. */
  get merges(): Merge[] {
    const merges = this.#merges
    return Array.from({ length: merges.length / 2 }, (_, i) => [merges[2 * i]!, merges[2 * i + 1]!])
  }

  toJSON(): PartSpec {
    const { unused, ...options } = this.#options
    const further = unused.length > 0 ? { unused } : {}
    return { type: 'BPE', ...snakeKeys(options), ...further, vocab: this.#vocabulary.toJSON(), merges: this.merges }
  }

  #pushUsed(id: number, start: number, end: number, out: TokenBuffer): void {
    const parts = this.#parts.has(id) ? this.#partsOf(id) : []
    if (parts.length < 2) {
      out.push(id, start, end)
      return
    }
    let at = start
    for (const part of parts) {
      const { length } = this.#vocabulary.token(part)!
      this.#pushUsed(part, at, at + length, out)
      at += length
    }
  }

  // The symbols that are left of an unused token's text if all merges but those into this token happen.
  #partsOf(unused: number): readonly number[] {
    const known = this.#parts.get(unused)
    if (known !== undefined) return known
    const table = this.#table
    let ids = Array.from(this.#vocabulary.token(unused)!, (character) => this.#vocabulary.id(character) ?? -1)
    if (ids.includes(-1)) ids = []
    for (;;) {
      let best = -1
      let bestPlace = -1
      for (let i = 0; i + 1 < ids.length; i++) {
        const place = table.find(ids[i]!, ids[i + 1]!)
        const rank = table.rank(place)
        if (rank < 0 || table.made(place) === unused || (best >= 0 && rank >= table.rank(bestPlace))) continue
        best = i
        bestPlace = place
      }
      if (best < 0) break
      ids.splice(best, 2, table.made(bestPlace))
    }
    this.#parts.set(unused, ids)
    return ids
  }

  // Id of a character of one unit, without affixes; -1 for unknown ones and surrogates.
  #unitId(unit: number): number {
    const known = this.#characters[unit]!
    if (known !== NOT_LOOKED_UP) return known
    return (unit & 0xf800) === 0xd800 ? -1 : this.#characterId(String.fromCharCode(unit), 0, 1)
  }

  #split(preToken: string): void {
    const symbols = this.#symbols
    reserve(symbols, this.#mostBytes * preToken.length)
    symbols.count = 0
    const { fuseUnk, unkToken } = this.#options
    // Start of the unknown characters that are not a symbol yet; more may join them.
    let unknown = -1
    for (let i = 0; i < preToken.length; ) {
      const end = i + unitsAt(preToken, i)
      const id = this.#characterId(preToken, i, end)
      const bytes = id < 0 ? this.#bytesOf(preToken, i, end) : undefined
      const isUnknown = id < 0 && bytes === undefined
      if (unknown >= 0 && !(isUnknown && fuseUnk)) {
        addSymbol(symbols, this.#unknownId(), unknown, i)
        unknown = -1
      }
      if (id >= 0) addSymbol(symbols, id, i, end)
      else if (bytes !== undefined) for (const byte of bytes) addSymbol(symbols, byte, i, end)
      else if (unkToken !== null && unknown < 0) unknown = i
      i = end
    }
    if (unknown >= 0) addSymbol(symbols, this.#unknownId(), unknown, preToken.length)
  }

  // A character with the prefix or suffix of its place in the word.
  #affixed(preToken: string, start: number, end: number): string {
    const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix } = this.#options
    return (
      (start > 0 ? (prefix ?? '') : '') + preToken.slice(start, end) + (end === preToken.length ? (suffix ?? '') : '')
    )
  }

  #characterId(preToken: string, start: number, end: number): number {
    if (this.#hasAffixes) return this.#vocabulary.id(this.#affixed(preToken, start, end)) ?? -1
    if (end - start === 2) return this.#vocabulary.id(preToken.slice(start, end)) ?? -1
    const unit = preToken.charCodeAt(start)
    const known = this.#characters[unit]!
    return known !== NOT_LOOKED_UP ? known : (this.#characters[unit] = this.#vocabulary.id(preToken[start]!) ?? -1)
  }

  #bytesOf(preToken: string, start: number, end: number): number[] | undefined {
    const byteIds = this.#byteIds
    if (byteIds === undefined) return undefined
    const ids = Array.from(encoder.encode(this.#affixed(preToken, start, end)), (byte) => byteIds[byte]!)
    return ids.includes(-1) ? undefined : ids
  }

  #unknownId(): number {
    if (this.#unkId !== undefined) return this.#unkId
    throw new HeddleError(
      'usage',
      `BPE: expected the unknown token ${show(this.#options.unkToken)} in the vocabulary, got none. Add it.`,
    )
  }
}

// Vocabularies up to this size are prepared for the search at once; larger ones, which takes a second, when as many words as tokens were merged.
const SMALL = 1 << 15

const encoder = new TextEncoder()
const NOT_LOOKED_UP = -2

export const bpe = tokenizerModelPoint.of({
  name: 'BPE',
  summary: 'byte pair encoding',
  config,
  create: ({ vocab, merges, ...options }) =>
    new BPE(Vocabulary.fromJSON('BPE.vocab', vocab), readMerges(merges), camelKeys(options)),
})
