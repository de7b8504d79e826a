import { HeddleError, type PartSpec, RandomStream, show } from '@heddle/core'
import { z } from 'zod'
import { camelKeys } from '../pipeline/config-keys.ts'
import { type Model, modelPoint } from '../pipeline/points.ts'
import type { TokenBuffer } from '../pipeline/token-buffer.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { unitsAt } from '../unicode/code-point.ts'
import { addSymbol, mergeSymbols, newSymbols, reserve, type Symbols } from './merge-symbols.ts'
import { MergeTable } from './merge-table.ts'

/** What a merge joins. */
export type Merge = readonly [left: string, right: string]

export interface BPEOptions {
  /** What unknown characters become; without it they are left out. */
  readonly unkToken?: string | null
  /** The probability with which a merge is left out each time that it could happen, for training. Default none. */
  readonly dropout?: number | null
  /** The source of the dropout's chance. Default: one seeded with 0. */
  readonly random?: RandomStream
  /** What pieces within a word begin with. */
  readonly continuingSubwordPrefix?: string | null
  /** What the last piece of a word ends with. */
  readonly endOfWordSuffix?: string | null
  /** Whether unknown characters that follow each other are one token. Default false. */
  readonly fuseUnk?: boolean
  /** Whether unknown characters become tokens of their bytes (`<0xED>`), if the vocabulary has these. Default false. */
  readonly byteFallback?: boolean
  /** Whether a word that is in the vocabulary is one token, even if no merges lead there. Default false. */
  readonly ignoreMerges?: boolean
}

/**
 * Byte pair encoding: a word starts as its characters, and the pair that was learnt first is merged first.
 *
 * @see Sennrich et al. 2016, "Neural machine translation of rare words with subword units"; for dropout Provilkov et al. 2020
 */
export class BPE implements Model {
  readonly cacheable: boolean
  readonly #vocabulary: Vocabulary
  readonly #merges: readonly Merge[]
  readonly #table: MergeTable
  readonly #options: Required<Omit<BPEOptions, 'random'>>
  readonly #random: RandomStream
  readonly #unkId: number | undefined
  // Ids of single characters within U+FFFF as the first or only part of a word, -1 for others.
  readonly #characters: Int32Array = new Int32Array(0x10000).fill(NOT_LOOKED_UP)
  readonly #byteIds: readonly number[] | undefined
  readonly #hasAffixes: boolean
  // The most bytes, and so the most symbols, that a UTF-16 unit can become.
  readonly #mostBytes: number
  readonly #symbols: Symbols = newSymbols()

  /** @throws HeddleError `format` when a merge's parts or what they make are not in the vocabulary; `config` for a wrong dropout */
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

  tokenize(piece: string, out: TokenBuffer): void {
    if (this.#options.ignoreMerges) {
      const id = this.#vocabulary.id(piece)
      if (id !== undefined) {
        out.push(id, 0, piece.length)
        return
      }
    }
    const symbols = this.#symbols
    this.#split(piece)
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

  /** The merges, in the order in which they were learnt. */
  get merges(): readonly Merge[] {
    return this.#merges
  }

  toJSON(): PartSpec {
    const { dropout, unkToken, continuingSubwordPrefix, endOfWordSuffix, fuseUnk, byteFallback, ignoreMerges } =
      this.#options
    return {
      type: 'BPE',
      dropout,
      unk_token: unkToken,
      continuing_subword_prefix: continuingSubwordPrefix,
      end_of_word_suffix: endOfWordSuffix,
      fuse_unk: fuseUnk,
      byte_fallback: byteFallback,
      ignore_merges: ignoreMerges,
      vocab: this.#vocabulary.toJSON(),
      merges: this.#merges,
    }
  }

  #split(piece: string): void {
    const symbols = this.#symbols
    reserve(symbols, this.#mostBytes * piece.length)
    symbols.count = 0
    const { fuseUnk, unkToken } = this.#options
    // Where the unknown characters begin that are not a symbol yet, as more may join them.
    let unknown = -1
    for (let i = 0; i < piece.length; ) {
      const end = i + unitsAt(piece, i)
      const id = this.#characterId(piece, i, end)
      const bytes = id < 0 ? this.#bytesOf(piece, i, end) : undefined
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
    if (unknown >= 0) addSymbol(symbols, this.#unknownId(), unknown, piece.length)
  }

  // A character as the vocabulary has it, with the prefix or suffix that its place in the word asks for.
  #affixed(piece: string, start: number, end: number): string {
    const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix } = this.#options
    return (start > 0 ? (prefix ?? '') : '') + piece.slice(start, end) + (end === piece.length ? (suffix ?? '') : '')
  }

  #characterId(piece: string, start: number, end: number): number {
    if (this.#hasAffixes) return this.#vocabulary.id(this.#affixed(piece, start, end)) ?? -1
    if (end - start === 2) return this.#vocabulary.id(piece.slice(start, end)) ?? -1
    const unit = piece.charCodeAt(start)
    const known = this.#characters[unit]!
    return known !== NOT_LOOKED_UP ? known : (this.#characters[unit] = this.#vocabulary.id(piece[start]!) ?? -1)
  }

  #bytesOf(piece: string, start: number, end: number): number[] | undefined {
    const byteIds = this.#byteIds
    if (byteIds === undefined) return undefined
    const ids = Array.from(encoder.encode(this.#affixed(piece, start, end)), (byte) => byteIds[byte]!)
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

export const bpe = modelPoint.of({
  name: 'BPE',
  summary: 'byte pair encoding',
  config: z.strictObject({
    dropout: z.number().min(0).max(1).nullable().default(null).describe('the probability that a merge is left out'),
    unk_token: z.string().nullable().default(null),
    continuing_subword_prefix: z.string().nullable().default(null),
    end_of_word_suffix: z.string().nullable().default(null),
    fuse_unk: z.boolean().default(false),
    byte_fallback: z.boolean().default(false),
    ignore_merges: z.boolean().default(false),
    vocab: z.unknown(),
    merges: z.unknown(),
  }),
  create: ({ vocab, merges, ...options }) =>
    new BPE(Vocabulary.fromJSON('BPE.vocab', vocab), readMerges(merges), camelKeys(options)),
})
