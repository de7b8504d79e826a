import { z } from 'zod'
import { WordPiece } from '../models/word-piece.ts'
import type { AddedToken } from '../pipeline/added-token.ts'
import { type Trainer, type TrainingProgress, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { BPETrainer, type BPETrainerOptions, mergeTrainerFields } from './bpe-trainer.ts'

export interface WordPieceTrainerOptions extends Omit<BPETrainerOptions, 'model' | 'maxTokenLength'> {
  /** What words that cannot be split become. Default `[UNK]`. */
  readonly unkToken?: string
  /** Longer words are unknown. Default 100. */
  readonly maxInputCharsPerWord?: number
}

/** Learns a WordPiece vocabulary as Hugging Face does: by the merges of BPE, with `##` before pieces within a word. */
export class WordPieceTrainer implements Trainer {
  readonly specialTokens: readonly AddedToken[]
  readonly #trainer: BPETrainer
  readonly #options: WordPieceTrainerOptions

  constructor(options: WordPieceTrainerOptions = {}) {
    this.#options = { continuingSubwordPrefix: '##', ...options }
    this.#trainer = new BPETrainer(this.#options)
    this.specialTokens = this.#trainer.specialTokens
  }

  train(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): WordPiece {
    const { unkToken = '[UNK]', maxInputCharsPerWord = 100, continuingSubwordPrefix } = this.#options
    return new WordPiece(Vocabulary.fromTokens(this.#trainer.learn(counts, onProgress).tokens), {
      unkToken,
      maxInputCharsPerWord,
      continuingSubwordPrefix: continuingSubwordPrefix ?? '',
    })
  }
}

export const wordPieceTrainer = trainerPoint.of({
  name: 'WordPieceTrainer',
  summary: 'pieces of words by their most frequent pairs',
  config: z.strictObject({
    ...mergeTrainerFields,
    continuingSubwordPrefix: z.string().default('##').describe('what pieces within a word begin with'),
    unkToken: z.string().default('[UNK]').describe('what unknown text becomes'),
  }),
  create: (config) => new WordPieceTrainer(config),
})
