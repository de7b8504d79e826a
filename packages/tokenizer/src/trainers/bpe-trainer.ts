import { atOnce, type Turns } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { BPE, type BPEOptions } from '../models/bpe.ts'
import { type Trainer, type TrainingProgress, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import type { AddedToken, AddedTokenInput } from '../text/added-token.ts'
import { learnMerges } from './learn-merges.ts'
import { compareCodePoints, specialTokensOf } from './training.ts'
import { WordTable } from './word-table.ts'

/** The settings that BPE and WordPiece training share. */
export const mergeTrainerFields = {
  vocabSize: schema.integer(1).default(30_000).describe('largest number of tokens, special ones included'),
  minFrequency: schema.integer(0).default(0).describe('number of times that a pair must occur to be merged'),
  specialTokens: schema.array(schema.string()).default([]).describe('tokens that come first in the vocabulary'),
  limitAlphabet: schema
    .integer(1)
    .nullable()
    .default(null)
    .describe('largest number of characters to keep, the most frequent first; null keeps all'),
  initialAlphabet: schema.array(schema.string()).default([]).describe('characters that are always in the vocabulary'),
}

const config = schema.strictObject({
  ...mergeTrainerFields,
  continuingSubwordPrefix: schema.string().nullable().default(null).describe('prefix of tokens within a word'),
  endOfWordSuffix: schema.string().nullable().default(null).describe('suffix of the last token of a word'),
  maxTokenLength: schema.integer(1).nullable().default(null).describe('largest number of characters of a token'),
  unkToken: schema.string().nullable().default(null).describe('token for unknown text'),
})

export interface BPETrainerOptions extends Partial<Omit<schema.Output<typeof config>, 'specialTokens' | 'unkToken'>> {
  readonly specialTokens?: readonly AddedTokenInput[]
  /**
   * Order in which characters with a prefix or suffix enter the vocabulary; the others follow by code point. The Rust library uses the
   * order of a hash table, which changes from run to run and decides between equally frequent pairs. Pass the order of one of its runs to
   * learn the same vocabulary.
   */
  readonly affixedAlphabet?: readonly string[]
  /** Further options of the model. */
  readonly model?: Omit<BPEOptions, 'continuingSubwordPrefix' | 'endOfWordSuffix'>
}

/** The result of BPE or WordPiece training. */
export interface LearnedMerges {
  /** Tokens by id. */
  readonly tokens: string[]
  readonly merges: [number, number, number][]
}

/**
 * Learns a BPE vocabulary: the characters of the text, then the most frequent pairs.
 *
 * @see Sennrich et al. 2016, "Neural machine translation of rare words with subword units"
 */
export class BPETrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #options: BPETrainerOptions

  constructor(options: BPETrainerOptions = {}) {
    this.#options = options
    this.specialTokens = specialTokensOf(options.specialTokens)
  }

  train(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): BPE {
    return atOnce(this.trainInTurns(counts, onProgress))
  }

  *trainInTurns(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Turns<BPE> {
    const { tokens, merges } = yield* this.learn(counts, onProgress)
    const { model = {}, continuingSubwordPrefix = null, endOfWordSuffix = null } = this.#options
    return new BPE(
      Vocabulary.fromTokens(tokens),
      merges.map(([left, right]) => [tokens[left]!, tokens[right]!]),
      { ...model, continuingSubwordPrefix, endOfWordSuffix },
    )
  }

  /** The vocabulary and merges, for models that need no more than these, in turns. */
  *learn(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Turns<LearnedMerges> {
    const { vocabSize = 30_000, minFrequency = 0, maxTokenLength, continuingSubwordPrefix } = this.#options
    const alphabet = this.#alphabet(counts)
    const tokens = [...new Set([...this.specialTokens.map(({ content }) => content), ...alphabet])]
    yield
    const words = this.#words(counts, new Set(tokens), tokens)
    yield
    const merges = yield* learnMerges(words, tokens, {
      vocabSize,
      minFrequency,
      maxTokenLength: maxTokenLength ?? Number.POSITIVE_INFINITY,
      prefix: continuingSubwordPrefix ?? '',
      onProgress,
    })
    return { tokens, merges }
  }

  #alphabet(counts: ReadonlyMap<string, number>): string[] {
    const occurrences = new Map<string, number>()
    for (const [word, count] of counts)
      for (const character of word) occurrences.set(character, (occurrences.get(character) ?? 0) + count)
    for (const character of this.#options.initialAlphabet ?? []) {
      const [first] = character
      if (first !== undefined) occurrences.set(first, Number.POSITIVE_INFINITY)
    }
    const limit = this.#options.limitAlphabet ?? occurrences.size
    return [...occurrences]
      .sort((a, b) => (a[1] === b[1] ? compareCodePoints(a[0], b[0]) : b[1] - a[1]))
      .slice(0, limit)
      .map(([character]) => character)
      .sort(compareCodePoints)
  }

  // Characters outside the alphabet are left out; those with a prefix or suffix are added to `tokens`.
  #words(counts: ReadonlyMap<string, number>, alphabet: ReadonlySet<string>, tokens: string[]): WordTable {
    const { continuingSubwordPrefix: prefix, endOfWordSuffix: suffix, affixedAlphabet = [] } = this.#options
    const ids = new Map(tokens.map((token, id) => [token, id]))
    const spelled = (word: string): string[] => {
      const characters = [...word]
      const affixed = (character: string, i: number) =>
        (i > 0 ? (prefix ?? '') : '') + character + (i === characters.length - 1 ? (suffix ?? '') : '')
      return characters.flatMap((character, i) => (alphabet.has(character) ? [affixed(character, i)] : []))
    }
    if (prefix || suffix) {
      const found = new Set<string>()
      for (const word of counts.keys()) for (const token of spelled(word)) if (!ids.has(token)) found.add(token)
      const named = affixedAlphabet.filter((token) => found.delete(token))
      for (const token of [...named, ...[...found].sort(compareCodePoints)]) ids.set(token, tokens.push(token) - 1)
    }
    const plain = !prefix && !suffix
    const words: number[][] = []
    for (const word of counts.keys()) {
      const symbols: number[] = []
      for (const token of plain ? word : spelled(word)) {
        const id = ids.get(token)
        if (id !== undefined) symbols.push(id)
      }
      words.push(symbols)
    }
    return new WordTable(words, [...counts.values()])
  }
}

export const bpeTrainer = trainerPoint.of({
  name: 'BPETrainer',
  summary: 'byte pair encoding: the most frequent pairs',
  config,
  create: ({ unkToken, ...options }) => new BPETrainer({ ...options, model: { unkToken } }),
})
