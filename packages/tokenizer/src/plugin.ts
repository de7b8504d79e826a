import type { Plugin } from '@heddle/core'
import { tokenizerParts } from './parts.ts'
import { bpeTrainer } from './trainers/bpe-trainer.ts'
import { charTrainer } from './trainers/char-trainer.ts'
import { unigramTrainer } from './trainers/unigram-trainer.ts'
import { wordLevelTrainer } from './trainers/word-level-trainer.ts'
import { wordPieceTrainer } from './trainers/word-piece-trainer.ts'

const trainers = [charTrainer, wordLevelTrainer, bpeTrainer, wordPieceTrainer, unigramTrainer]

/** The tokenizer parts and trainers of this package. */
export const tokenizerPlugin: Plugin = {
  name: '@heddle/tokenizer',
  contributes: [...tokenizerParts, ...trainers],
}
