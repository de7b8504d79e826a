import { atOnce, type Turns } from '@heddle/core'
import * as schema from '../config/schema.ts'
import { WordPiece } from '../models/word-piece.ts'
import { type Trainer, type TrainingProgress, trainerPoint } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import type { AddedToken } from '../text/added-token.ts'
import { BPETrainer, type BPETrainerOptions, mergeTrainerFields } from './bpe-trainer.ts'

const config = schema.strictObject({
  ...mergeTrainerFields,
  continuingSubwordPrefix: schema.string().default('##').describe('prefix of tokens within a word'),
  unkToken: schema.string().default('[UNK]').describe('token for words that cannot be split'),
})

export interface WordPieceTrainerOptions
  extends Omit<BPETrainerOptions, 'model' | 'maxTokenLength' | 'continuingSubwordPrefix'>,
    Partial<Pick<schema.Output<typeof config>, 'continuingSubwordPrefix' | 'unkToken'>> {
  /** Longer words are unknown. Default 100. */
  readonly maxInputCharsPerWord?: number
}

/** Learns a WordPiece vocabulary as Hugging Face does: by the merges of BPE, with `##` before tokens within a word. */
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
    return atOnce(this.trainInTurns(counts, onProgress))
  }

  *trainInTurns(
    counts: ReadonlyMap<string, number>,
    onProgress?: (progress: TrainingProgress) => void,
  ): Turns<WordPiece> {
    const { unkToken = '[UNK]', maxInputCharsPerWord = 100, continuingSubwordPrefix = '##' } = this.#options
    const { tokens } = yield* this.#trainer.learn(counts, onProgress)
    return new WordPiece(Vocabulary.fromTokens(tokens), {
      unkToken,
      maxInputCharsPerWord,
      continuingSubwordPrefix,
    })
  }
}

export const wordPieceTrainer = trainerPoint.of({
  name: 'WordPieceTrainer',
  summary: 'parts of words by their most frequent pairs',
  config,
  create: (options) => new WordPieceTrainer(options),
})
