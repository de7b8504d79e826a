import * as schema from '../config/schema.ts'
import { WordLevel } from '../models/word-level.ts'
import { type Trainer, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import type { AddedToken, AddedTokenInput } from '../text/added-token.ts'
import { compareCodePoints, specialTokensOf } from './training.ts'

export interface WordLevelTrainerOptions {
  /** Largest number of tokens, special ones included. Default 30,000. */
  readonly vocabSize?: number
  /** Number of times that a word must occur. Default 0. */
  readonly minFrequency?: number
  readonly specialTokens?: readonly AddedTokenInput[]
  /** Token for unknown words. Default `<unk>`. */
  readonly unkToken?: string
}

/**
 * Keeps the most frequent words, most frequent first; equally frequent words are in code point order. A special token that stands in
 * the texts as a word, such as the `<unk>` of WikiText, has one id, so that ids have no gap.
 */
export class WordLevelTrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #vocabSize: number
  readonly #minFrequency: number
  readonly #unkToken: string

  constructor(options: WordLevelTrainerOptions = {}) {
    this.specialTokens = specialTokensOf(options.specialTokens)
    this.#vocabSize = options.vocabSize ?? 30_000
    this.#minFrequency = options.minFrequency ?? 0
    this.#unkToken = options.unkToken ?? '<unk>'
  }

  train(counts: ReadonlyMap<string, number>): WordLevel {
    const special = new Set(this.specialTokens.map(({ content }) => content))
    const words = [...counts].filter(([word, count]) => count >= this.#minFrequency && !special.has(word))
    words.sort((a, b) => b[1] - a[1] || compareCodePoints(a[0], b[0]))
    const tokens = [...special, ...words.map(([word]) => word)]
    return new WordLevel(Vocabulary.fromTokens(tokens.slice(0, this.#vocabSize)), { unkToken: this.#unkToken })
  }
}

export const wordLevelTrainer = trainerPoint.of({
  name: 'WordLevelTrainer',
  summary: 'the most frequent words',
  config: schema.strictObject({
    vocabSize: schema.integer(1).default(30_000).describe('largest number of tokens, special ones included'),
    minFrequency: schema.integer(0).default(0).describe('number of times that a word must occur'),
    specialTokens: schema.array(schema.string()).default([]).describe('tokens that come first in the vocabulary'),
    unkToken: schema.string().default('<unk>').describe('token for unknown text'),
  }),
  create: (config) => new WordLevelTrainer(config),
})
