import { atOnce, HeddleError, type Turns } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { type ScoredPiece, Unigram } from '../models/unigram.ts'
import { type Trainer, type TrainingProgress, trainerPoint } from '../pipeline/points.ts'
import type { AddedToken, AddedTokenInput } from '../text/added-token.ts'
import { prunePieces } from './prune-pieces.ts'
import { seedPieces } from './seed-pieces.ts'
import { specialTokensOf } from './training.ts'
import { type Piece, UnigramLattice } from './unigram-lattice.ts'

export interface UnigramTrainerOptions {
  /** Largest number of tokens, special ones included. Default 8,000. */
  readonly vocabSize?: number
  readonly specialTokens?: readonly AddedTokenInput[]
  /** Token for unknown text: one of the special tokens, or added before them. Default none. */
  readonly unkToken?: string | null
  /** Characters that are always in the vocabulary. */
  readonly initialAlphabet?: readonly string[]
  /** Largest number of characters of a piece. Default 16. */
  readonly maxPieceLength?: number
  /** Share of the pieces that each round keeps. Default 0.75. */
  readonly shrinkingFactor?: number
  /** Number of steps of expectation and maximization in each round. Default 2. */
  readonly numSubIterations?: number
  /** Largest number of pieces at the start. Default 1,000,000. */
  readonly seedSize?: number
}

/** Pieces with a smaller expected count are dropped. */
const LEAST_EXPECTED = 0.5

// Characters that no piece covers get the lowest score, each a little more than the one before, so that scores differ.
const PENALTY_STEP = 0.0001

/**
 * Learns a unigram vocabulary. It starts from many repeated substrings; each round drops those that reduce the likelihood of the text
 * least, and fits the probabilities of the others by expectation and maximization.
 *
 * @see Kudo 2018, "Subword regularization", section 3.2
 */
export class UnigramTrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #options: Required<Omit<UnigramTrainerOptions, 'specialTokens'>>

  constructor(options: UnigramTrainerOptions = {}) {
    const { specialTokens, ...given } = options
    this.specialTokens = specialTokensOf(specialTokens)
    const defaults = { vocabSize: 8000, unkToken: null, initialAlphabet: [], maxPieceLength: 16 }
    this.#options = { ...defaults, shrinkingFactor: 0.75, numSubIterations: 2, seedSize: 1_000_000, ...given }
  }

  /** @throws HeddleError `data` when the text has more different characters than the vocabulary has places */
  train(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Unigram {
    return atOnce(this.trainInTurns(counts, onProgress))
  }

  *trainInTurns(
    counts: ReadonlyMap<string, number>,
    onProgress?: (progress: TrainingProgress) => void,
  ): Turns<Unigram> {
    const { vocabSize, maxPieceLength, seedSize, shrinkingFactor, numSubIterations } = this.#options
    const words = [...counts]
    const alphabet = this.#alphabet(words)
    if (alphabet.size > vocabSize) {
      throw new HeddleError(
        'data',
        `UnigramTrainer: expected at most as many characters as vocabSize, got ${alphabet.size} and ${vocabSize}. Raise vocabSize, or normalize the text.`,
      )
    }
    const wanted = Math.floor((vocabSize * 11) / 10)
    let pieces: Piece[] = [
      { text: '<UNK>', score: Number.NaN },
      ...(yield* seedPieces(words, { maxPieceLength, seedSize })),
    ]
    const rounds = Math.max(0, Math.floor(Math.log(wanted / pieces.length) / Math.log(shrinkingFactor))) + 1
    const total = rounds * numSubIterations
    for (let done = 0; ; ) {
      for (let i = 0; i < numSubIterations; i++) {
        pieces = maximized(pieces, yield* expectedCounts(pieces, words))
        onProgress?.({ stage: 'fit probabilities', done: ++done, total: Math.max(done, total) })
      }
      if (pieces.length <= wanted) break
      const pruned = yield* prunePieces(pieces, words, Math.max(wanted, Math.floor(pieces.length * shrinkingFactor)))
      // A vocabulary in which no piece can be dropped would loop forever.
      if (pruned.length === pieces.length) break
      pieces = pruned
    }
    onProgress?.({ stage: 'fit probabilities', done: total, total })
    return this.#finished(pieces, alphabet)
  }

  #alphabet(words: readonly (readonly [string, number])[]): Set<string> {
    const alphabet = new Set<string>()
    for (const [word] of words) for (const character of word) alphabet.add(character)
    for (const character of this.#options.initialAlphabet)
      for (const first of character.slice(0, 2)) alphabet.add(first)
    return alphabet
  }

  // All characters, then the pieces with the best scores up to the size.
  #finished(pieces: readonly Piece[], alphabet: ReadonlySet<string>): Unigram {
    const { vocabSize, unkToken } = this.#options
    const scores = new Map(pieces.slice(1).map(({ text, score }) => [text, score]))
    const least = pieces.slice(1).reduce((min, { score }) => Math.min(min, score), Number.POSITIVE_INFINITY)
    let penalty = 0
    const kept: [string, number][] = [...alphabet].map((character) => {
      const score = scores.get(character)
      if (score !== undefined) return [character, score]
      penalty += PENALTY_STEP
      return [character, least + penalty - PENALTY_STEP]
    })
    const special = this.specialTokens.map(({ content }) => content)
    if (unkToken !== null && !special.includes(unkToken)) special.unshift(unkToken)
    const room = vocabSize - special.length
    for (const { text, score } of pieces.slice(1)) {
      if (kept.length >= room) break
      if (!alphabet.has(text)) kept.push([text, score])
    }
    kept.sort((a, b) => b[1] - a[1])
    const all: ScoredPiece[] = [...special.map((token) => [token, 0] as const), ...kept]
    return new Unigram(all, { unkId: unkToken === null ? null : special.indexOf(unkToken) })
  }
}

/** Words that are looked at between two turns. */
const WORDS_PER_TURN = 2000

function* expectedCounts(pieces: readonly Piece[], words: readonly (readonly [string, number])[]): Turns<Float64Array> {
  const lattice = new UnigramLattice(pieces)
  const expected = new Float64Array(pieces.length)
  for (let at = 0; at < words.length; at += WORDS_PER_TURN) {
    for (const [word, count] of words.slice(at, at + WORDS_PER_TURN)) lattice.addExpected(word, count, expected)
    yield
  }
  return expected
}

/** New scores by the expected counts, with a sparse prior: digamma in the place of the logarithm makes rare pieces rarer. */
function maximized(pieces: readonly Piece[], expected: Float64Array): Piece[] {
  const kept: Piece[] = []
  let sum = 0
  for (let id = 1; id < pieces.length; id++) {
    if (expected[id]! < LEAST_EXPECTED) continue
    kept.push({ text: pieces[id]!.text, score: expected[id]! })
    sum += expected[id]!
  }
  const logSum = digamma(sum)
  return [pieces[0]!, ...kept.map(({ text, score }) => ({ text, score: digamma(score) - logSum }))]
}

/** The derivative of the logarithm of the gamma function, by its asymptotic series after shifting x above 7. */
function digamma(x: number): number {
  let result = 0
  for (; x < 7; x++) result -= 1 / x
  const y = x - 0.5
  const y2 = 1 / (y * y)
  return result + Math.log(y) + y2 * (1 / 24 - y2 * (7 / 960 - y2 * (31 / 8064 - y2 * (127 / 30720))))
}

export const unigramTrainer = trainerPoint.of({
  name: 'UnigramTrainer',
  summary: 'unigram model: the pieces that make the text most probable',
  config: schema.strictObject({
    vocabSize: schema.integer(1).default(8000).describe('largest number of tokens, special ones included'),
    specialTokens: schema.array(schema.string()).default([]).describe('tokens that come first in the vocabulary'),
    unkToken: schema.string().nullable().default('<unk>').describe('token for unknown text'),
    initialAlphabet: schema.array(schema.string()).default([]).describe('characters that are always in the vocabulary'),
    maxPieceLength: schema.integer(1).default(16).describe('largest number of characters of a piece'),
    shrinkingFactor: schema
      .number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })
      .default(0.75)
      .describe('share of the pieces that each round keeps'),
    numSubIterations: schema.integer(1).default(2).describe('steps of expectation and maximization in each round'),
    seedSize: schema.integer(1).default(1_000_000).describe('largest number of pieces at the start'),
  }),
  create: (config) => new UnigramTrainer(config),
})
