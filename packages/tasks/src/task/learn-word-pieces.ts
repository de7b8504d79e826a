import { decoders, normalizers, postProcessors, preTokenizers, Tokenizer, trainers } from '@heddle/tokenizer'
import * as z from 'zod'
import type { Abortable } from './pipeline.ts'

/** The special tokens of BERT, in the order of their ids. */
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']

export interface WordPieceSettings {
  /** Largest number of tokens. */
  readonly vocabSize: number
  /** Whether capitals are read as small letters. Accents stay, and so do the syllables of Hangul. */
  readonly lowercase: boolean
}

/**
 * The settings of word pieces that a task learns.
 *
 * @param from the texts that they are learned from, for the description
 */
export const wordPieceSettings = (from: string, { lowercase = true } = {}) =>
  z
    .strictObject({
      vocabSize: z.int().min(64).default(8000).describe('largest number of word pieces'),
      lowercase: z.boolean().default(lowercase).describe('whether capitals are read as small letters'),
    })
    .prefault({})
    .describe(`the word pieces that are learned from ${from}`)

/**
 * Learns word pieces as BERT has them: `tokenizer.json` of the result loads in transformers.
 *
 * @see Devlin et al. 2019, "BERT", 3; Schuster & Nakajima 2012, "Japanese and Korean voice search"
 */
export function learnWordPieces(
  texts: Iterable<string>,
  { vocabSize, lowercase }: WordPieceSettings,
  { signal }: Abortable = {},
): Promise<Tokenizer> {
  return Tokenizer.trainAsync(texts, new trainers.WordPieceTrainer({ vocabSize, specialTokens: SPECIAL }), {
    normalizer: new normalizers.BertNormalizer({ lowercase, stripAccents: false }),
    preTokenizer: new preTokenizers.BertPreTokenizer(),
    decoder: new decoders.WordPiece(),
    signal,
    postProcessor: (tokenizer) =>
      new postProcessors.TemplateProcessing({
        single: '[CLS] $A [SEP]',
        pair: '[CLS] $A [SEP] $B:1 [SEP]:1',
        specialTokens: { '[CLS]': tokenizer.tokenToId('[CLS]')!, '[SEP]': tokenizer.tokenToId('[SEP]')! },
      }),
  })
}
