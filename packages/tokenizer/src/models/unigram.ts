import { HeddleError, type PartSpec, show } from '@heddle/core'
import * as schema from '../config/schema.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import { type Model, tokenizerModelPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { textOf, unitsOf } from '../unicode/units.ts'
import { PackedTrie, ROOT } from './packed-trie.ts'
import { UnitTrie } from './unit-trie.ts'

/** A piece and its log probability. */
export type ScoredPiece = readonly [piece: string, score: number]

export interface UnigramOptions {
  /** Position of the unknown token among the pieces. */
  readonly unkId?: number | null
  /** Whether to write unknown text as tokens of its bytes (`<0xED>`), if the vocabulary has these. Default false. */
  readonly byteFallback?: boolean
  /** Ids of pieces that text never becomes, such as control symbols. Default none. */
  readonly unmatched?: readonly number[]
}

/** Difference in score between the least likely piece and an unknown character. */
const UNKNOWN_PENALTY = 10

/**
 * Splits text into the pieces with the largest product of probabilities (Viterbi); consecutive unknown characters are one token.
 *
 * @see Kudo 2018, "Subword regularization"
 */
export class Unigram implements Model {
  readonly cacheable = true
  readonly pieces: readonly ScoredPiece[]
  readonly #vocabulary: Vocabulary
  readonly #trie: PackedTrie
  readonly #scores: Float64Array
  readonly #unkId: number | null
  readonly #unknownScore: number
  readonly #byteIds: readonly number[] | undefined
  readonly #unmatched: readonly number[]
  // The best path to each position of the text: its score, and start and id of its last piece.
  #best = new Float64Array(256)
  #from = new Int32Array(256)
  #ids = new Int32Array(256)

  /** @throws HeddleError `format` if `unkId` is not the position of a piece */
  constructor(pieces: readonly ScoredPiece[], options: UnigramOptions = {}) {
    this.pieces = pieces
    this.#unkId = options.unkId ?? null
    if (this.#unkId !== null && !(this.#unkId < pieces.length)) {
      throw new HeddleError(
        'format',
        `Unigram: expected an unk_id below the ${pieces.length} pieces, got ${this.#unkId}. Check the file.`,
      )
    }
    this.#vocabulary = Vocabulary.fromTokens(pieces.map(([piece]) => piece))
    this.#scores = Float64Array.from(pieces, ([, score]) => score)
    this.#unknownScore =
      this.#scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY) - UNKNOWN_PENALTY
    this.#unmatched = options.unmatched ?? []
    const unmatched = new Set(this.#unmatched)
    const trie = new UnitTrie()
    for (const [piece, id] of this.#vocabulary.entries()) if (piece !== '' && !unmatched.has(id)) trie.insert(piece, id)
    this.#trie = new PackedTrie(trie)
    const byteId = (byte: number) =>
      this.#vocabulary.id(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`) ?? -1
    this.#byteIds = options.byteFallback ? Array.from({ length: 256 }, (_, byte) => byteId(byte)) : undefined
  }

  tokenize(preToken: string, out: TokenBuffer): void {
    this.tokenizeUnits(unitsOf(preToken), 0, preToken.length, out)
  }

  tokenizeUnits(units: Uint16Array, from: number, to: number, out: TokenBuffer): void {
    const length = to - from
    this.#search(units, from, length)
    const starts = this.#from
    const ids = this.#ids
    // The path is read backwards, then reversed.
    const first = out.length
    for (let end = length; end > 0; ) {
      let start = starts[end]!
      const id = ids[end]!
      if (id === this.#unkId) {
        while (start > 0 && ids[start] === id) start = starts[start]!
        this.#pushUnknown(textOf(units, from + start, from + end), start, end, out)
      } else out.push(id, start, end)
      end = start
    }
    if (out.length > first + 1) reverse(out, first)
  }

  tokenToId(token: string): number | undefined {
    return this.#vocabulary.id(token)
  }

  idToToken(id: number): string | undefined {
    return this.pieces[id]?.[0]
  }

  get vocabSize(): number {
    return this.pieces.length
  }

  vocabulary(): Map<string, number> {
    return this.#vocabulary.toMap()
  }

  /** Unknown text is shown as itself. */
  get surfaceId(): number | undefined {
    return this.#unkId ?? undefined
  }

  toJSON(): PartSpec {
    const unmatched = this.#unmatched
    return {
      type: 'Unigram',
      unk_id: this.#unkId,
      vocab: this.pieces,
      byte_fallback: this.#byteIds !== undefined,
      ...(unmatched.length > 0 && { unmatched }),
    }
  }

  // The best paths from `at` to each of the `length` units after it.
  #search(units: Uint16Array, at: number, length: number): void {
    if (this.#best.length <= length) {
      this.#best = new Float64Array(2 * length)
      this.#from = new Int32Array(2 * length)
      this.#ids = new Int32Array(2 * length)
    }
    const best = this.#best
    const from = this.#from
    const ids = this.#ids
    const trie = this.#trie
    const scores = this.#scores
    from.fill(-1, 0, length + 1)
    best[0] = 0
    for (let start = 0; start < length; ) {
      const unit = units[at + start]!
      const isPair = (unit & 0xfc00) === 0xd800 && start + 1 < length && (units[at + start + 1]! & 0xfc00) === 0xdc00
      const size = isPair ? 2 : 1
      const score = best[start]!
      let hasSingle = false
      let node = trie.child(ROOT, unit)
      for (let end = start + 1; node >= 0; end++) {
        const id = trie.value(node)
        if (id >= 0) {
          const candidate = score + scores[id]!
          if (from[end]! < 0 || candidate > best[end]!) {
            best[end] = candidate
            from[end] = start
            ids[end] = id
          }
          if (end - start === size) hasSingle = true
        }
        if (end >= length) break
        node = trie.child(node, units[at + end]!)
      }
      if (!hasSingle) {
        const end = start + size
        const candidate = score + this.#unknownScore
        if (from[end]! < 0 || candidate > best[end]!) {
          best[end] = candidate
          from[end] = start
          ids[end] = this.#unkId ?? this.#missingUnknown(textOf(units, at + start, at + end))
        }
      }
      start += size
    }
  }

  // In reverse: the caller reverses its tokens.
  #pushUnknown(text: string, start: number, end: number, out: TokenBuffer): void {
    const id = this.#vocabulary.id(text)
    const known = id === undefined || this.#unmatched.includes(id) ? undefined : id
    const byteIds = known === undefined ? this.#byteIdsOf(text) : undefined
    if (byteIds === undefined) out.push(known ?? this.#unkId!, start, end)
    else for (const id of byteIds.reverse()) out.push(id, start, end)
  }

  #byteIdsOf(text: string): number[] | undefined {
    if (this.#byteIds === undefined) return undefined
    const ids = Array.from(encoder.encode(text), (byte) => this.#byteIds![byte]!)
    return ids.includes(-1) ? undefined : ids
  }

  #missingUnknown(character: string): never {
    throw new HeddleError(
      'usage',
      `Unigram: expected known characters or an unk_id, got ${show(character)} and none. Give the model an unknown token.`,
    )
  }
}

const encoder = new TextEncoder()

function reverse(out: TokenBuffer, first: number): void {
  const { ids, starts, ends } = out
  for (let i = first, j = out.length - 1; i < j; i++, j--) {
    swap(ids, i, j)
    swap(starts, i, j)
    swap(ends, i, j)
  }
}

function swap(column: Int32Array, i: number, j: number): void {
  const kept = column[i]!
  column[i] = column[j]!
  column[j] = kept
}

function readPieces(value: unknown): ScoredPiece[] {
  if (!Array.isArray(value))
    throw new HeddleError('format', `Unigram.vocab: expected a list of pieces, got ${show(value)}. Check the file.`)
  return value.map((entry: unknown, i) => {
    if (Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string' && typeof entry[1] === 'number')
      return [entry[0], entry[1]]
    throw new HeddleError(
      'format',
      `Unigram.vocab[${i}]: expected a pair of string and number, got ${show(entry)}. Check the file.`,
    )
  })
}

export const unigram = tokenizerModelPoint.of({
  name: 'Unigram',
  summary: 'the most probable pieces',
  config: schema.strictObject({
    unk_id: schema.integer(0).nullable().default(null),
    vocab: schema.unknown(),
    byte_fallback: schema.boolean().default(false),
    unmatched: schema.array(schema.integer(0)).default([]).describe('ids of pieces that text never becomes'),
  }),
  create: (config) =>
    new Unigram(readPieces(config.vocab), {
      unkId: config.unk_id,
      byteFallback: config.byte_fallback,
      unmatched: config.unmatched,
    }),
})
