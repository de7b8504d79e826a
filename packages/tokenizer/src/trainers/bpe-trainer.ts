import { z } from 'zod'
import { BPE, type BPEOptions } from '../models/bpe.ts'
import type { AddedToken, AddedTokenInput } from '../pipeline/added-token.ts'
import { type Trainer, type TrainingProgress, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { learnMerges } from './learn-merges.ts'
import { compareCodePoints, specialTokensOf } from './training.ts'
import { WordTable } from './word-table.ts'

export interface BPETrainerOptions {
  /** The most tokens, special ones included. Default 30,000. */
  readonly vocabSize?: number
  /** How often a pair must occur to be merged. Default 0. */
  readonly minFrequency?: number
  readonly specialTokens?: readonly AddedTokenInput[]
  /** The most characters of the text to keep, the most frequent ones first. Default all. */
  readonly limitAlphabet?: number | null
  /** Characters that are in the vocabulary whether they occur or not. */
  readonly initialAlphabet?: readonly string[]
  /** What pieces within a word begin with. */
  readonly continuingSubwordPrefix?: string | null
  /** What the last piece of a word ends with. */
  readonly endOfWordSuffix?: string | null
  /** The most characters of a token. Default no limit. */
  readonly maxTokenLength?: number | null
  /**
   * The order in which characters with a prefix or suffix enter the vocabulary; those that are not named follow in the order of their code
   * points. The Rust library takes them in the order of a hash table, which changes from run to run, and equally frequent pairs are
   * merged in the order of their ids: with the order of one of its runs this trainer learns what that run learnt.
   */
  readonly affixedAlphabet?: readonly string[]
  /** Further options of the model that is made. */
  readonly model?: Omit<BPEOptions, 'continuingSubwordPrefix' | 'endOfWordSuffix'>
}

/** What a BPE or WordPiece training learns. */
export interface LearntMerges {
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
    const { tokens, merges } = this.learn(counts, onProgress)
    const { model = {}, continuingSubwordPrefix = null, endOfWordSuffix = null } = this.#options
    return new BPE(
      Vocabulary.fromTokens(tokens),
      merges.map(([left, right]) => [tokens[left]!, tokens[right]!]),
      { ...model, continuingSubwordPrefix, endOfWordSuffix },
    )
  }

  /** The vocabulary and merges, for models that need no more than these. */
  learn(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): LearntMerges {
    const { vocabSize = 30_000, minFrequency = 0, maxTokenLength, continuingSubwordPrefix } = this.#options
    const alphabet = this.#alphabet(counts)
    const tokens = [...new Set([...this.specialTokens.map(({ content }) => content), ...alphabet])]
    const words = this.#words(counts, new Set(tokens), tokens)
    const merges = learnMerges(words, tokens, {
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
    const spelt = (word: string): string[] => {
      const characters = [...word]
      const affixed = (character: string, i: number) =>
        (i > 0 ? (prefix ?? '') : '') + character + (i === characters.length - 1 ? (suffix ?? '') : '')
      return characters.flatMap((character, i) => (alphabet.has(character) ? [affixed(character, i)] : []))
    }
    if (prefix || suffix) {
      const found = new Set<string>()
      for (const word of counts.keys()) for (const token of spelt(word)) if (!ids.has(token)) found.add(token)
      const named = affixedAlphabet.filter((token) => found.delete(token))
      for (const token of [...named, ...[...found].sort(compareCodePoints)]) ids.set(token, tokens.push(token) - 1)
    }
    const plain = !prefix && !suffix
    const words: number[][] = []
    for (const word of counts.keys()) {
      const symbols: number[] = []
      for (const token of plain ? word : spelt(word)) {
        const id = ids.get(token)
        if (id !== undefined) symbols.push(id)
      }
      words.push(symbols)
    }
    return new WordTable(words, [...counts.values()])
  }
}

/** The fields of a merge trainer's config, for this one and WordPiece's. */
export const mergeTrainerFields = {
  vocabSize: z.int().min(1).default(30_000).describe('the most tokens, special ones included'),
  minFrequency: z.int().min(0).default(0).describe('how often a pair must occur to be merged'),
  specialTokens: z.array(z.string()).default([]).describe('tokens that come first in the vocabulary'),
  limitAlphabet: z.int().min(1).nullable().default(null).describe('the most characters to keep'),
  initialAlphabet: z.array(z.string()).default([]).describe('characters that are always in the vocabulary'),
}

export const bpeTrainer = trainerPoint.of({
  name: 'BPETrainer',
  summary: 'byte pair encoding: the most frequent pairs',
  config: z.strictObject({
    ...mergeTrainerFields,
    continuingSubwordPrefix: z.string().nullable().default(null).describe('what pieces within a word begin with'),
    endOfWordSuffix: z.string().nullable().default(null).describe('what the last piece of a word ends with'),
    maxTokenLength: z.int().min(1).nullable().default(null).describe('the most characters of a token'),
    unkToken: z.string().nullable().default(null).describe('what unknown text becomes'),
  }),
  create: ({ unkToken, ...options }) => new BPETrainer({ ...options, model: { unkToken } }),
})
