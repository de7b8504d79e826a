import { HeddleError, type PartSpec, RandomStream, show } from '@heddle/core'
import * as z from 'zod'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type CamelKeys, camelKeys, snakeKeys } from '../pipeline/config-keys.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { unitsAt } from '../unicode/code-point.ts'
import { addSymbol, mergeSymbols, newSymbols, reserve, type Symbols } from './merge-symbols.ts'
import { MergeTable } from './merge-table.ts'

/** The two tokens that a merge joins. */
export type Merge = readonly [left: string, right: string]

const flag = () =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? false)

const config = z.strictObject({
  dropout: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .default(null)
    .describe('probability with which each merge is skipped, for training; null for none'),
  unk_token: z.string().nullable().default(null).describe('token for unknown characters; null leaves them out'),
  continuing_subword_prefix: z.string().nullable().default(null).describe('prefix of tokens within a word'),
  end_of_word_suffix: z.string().nullable().default(null).describe('suffix of the last token of a word'),
  fuse_unk: flag().describe('make consecutive unknown characters one token'),
  byte_fallback: flag().describe(
    'write unknown characters as tokens of their bytes (<0xED>) if the vocabulary has these',
  ),
  ignore_merges: flag().describe('make a word of the vocabulary one token even if no merges lead to it'),
  vocab: z.unknown(),
  merges: z.unknown(),
})

type Config = CamelKeys<Omit<z.output<typeof config>, 'vocab' | 'merges'>>

/** The options of a BPE model, as in tokenizer.json; none is required. */
export interface BPEOptions extends Partial<Config> {
  /** Source of randomness for dropout. Default: a stream with seed 0. */
  readonly random?: RandomStream
}

/**
 * Byte pair encoding: splits a word into characters and merges pairs in the order in which they were learned.
 *
 * @see Sennrich et al. 2016, "Neural machine translation of rare words with subword units"; for dropout Provilkov et al. 2020
 */
export class BPE implements Model {
  readonly cacheable: boolean
  readonly #vocabulary: Vocabulary
  readonly #merges: readonly Merge[]
  readonly #table: MergeTable
  readonly #options: Config
  readonly #random: RandomStream
  readonly #unkId: number | undefined
  // Ids of characters up to U+FFFF, -1 for unknown ones; used without affixes.
  readonly #characters: Int32Array = new Int32Array(0x10000).fill(NOT_LOOKED_UP)
  readonly #byteIds: readonly number[] | undefined
  readonly #hasAffixes: boolean
  // Largest number of bytes, and so of symbols, for a UTF-16 unit.
  readonly #mostBytes: number
  readonly #symbols: Symbols = newSymbols()

  /** @throws HeddleError `format` if the parts or the result of a merge are not in the vocabulary; `config` for a wrong dropout */
  constructor(vocabulary: Vocabulary, merges: readonly Merge[], options: BPEOptions = {}) {
    const { random = new RandomStream(0), ...given } = options
    const defaults = { unkToken: null, dropout: null, continuingSubwordPrefix: null, endOfWordSuffix: null }
    this.#options = { ...defaults, fuseUnk: false, byteFallback: false, ignoreMerges: false, ...given }
    this.#random = random
    const { dropout, unkToken, byteFallback, continuingSubwordPrefix: prefix } = this.#options
    if (dropout !== null && !(dropout >= 0 && dropout <= 1)) {
      throw new HeddleError('config', `BPE: expected a dropout from 0 to 1, got ${show(dropout)}.`)
    }
    this.cacheable = dropout === null || dropout === 0
    this.#vocabulary = vocabulary
    this.#merges = merges
    this.#table = new MergeTable(merges.map((merge, rank) => mergeIds(vocabulary, merge, rank, prefix?.length ?? 0)))
    this.#unkId = unkToken === null ? undefined : vocabulary.id(unkToken)
    const byteIds = Array.from(
      { length: 256 },
      (_, byte) => vocabulary.id(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? -1,
    )
    const { endOfWordSuffix: suffix } = this.#options
    this.#hasAffixes = prefix !== null || suffix !== null
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
    for (let i = 0; i < symbols.count; i++) out.push(symbols.ids[i]!, symbols.starts[i]!, symbols.ends[i]!)
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

  /** The merges, in the order in which they were learned. */
  get merges(): readonly Merge[] {
    return this.#merges
  }

  toJSON(): PartSpec {
    return { type: 'BPE', ...snakeKeys(this.#options), vocab: this.#vocabulary.toJSON(), merges: this.#merges }
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

const encoder = new TextEncoder()
const NOT_LOOKED_UP = -2

function mergeIds(
  vocabulary: Vocabulary,
  [left, right]: Merge,
  rank: number,
  prefixLength: number,
): [number, number, number] {
  const made = left + right.slice(prefixLength)
  const [a, b, c] = [left, right, made].map((token) => {
    const id = vocabulary.id(token)
    if (id !== undefined) return id
    throw new HeddleError(
      'format',
      `BPE.merges[${rank}]: expected ${show(token)} in the vocabulary, got none. Check the file.`,
    )
  }) as [number, number, number]
  return [a, b, c]
}

/** Merges as they stand in tokenizer.json: pairs, or in older files one string with a space between the two. */
function readMerges(value: unknown): Merge[] {
  if (!Array.isArray(value))
    throw new HeddleError('format', `BPE.merges: expected a list, got ${show(value)}. Check the file.`)
  return value.map((merge: unknown, rank) => {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge
    if (Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && typeof pair[1] === 'string')
      return [pair[0], pair[1]]
    throw new HeddleError(
      'format',
      `BPE.merges[${rank}]: expected a pair of strings, got ${show(merge)}. Check the file.`,
    )
  })
}

export const bpe = tokenizerModelPoint.of({
  name: 'BPE',
  summary: 'byte pair encoding',
  config,
  create: ({ vocab, merges, ...options }) =>
    new BPE(Vocabulary.fromJSON('BPE.vocab', vocab), readMerges(merges), camelKeys(options)),
})
