import {
  decoders,
  normalizers,
  preTokenizers,
  Tokenizer,
  trainCharTokenizer,
  trainers,
  trainWordTokenizer,
} from '@heddle/tokenizer'
import * as z from 'zod'
import { TARGET_TOKENS } from '../writing/target-tokens.ts'

export const textUnits = z
  .enum(['words', 'subwords', 'characters'])
  .describe('what texts are cut into: words and punctuation marks, frequent parts of words, or characters')
export type TextUnits = z.output<typeof textUnits>

export interface TextTokenizerOptions {
  readonly units: TextUnits
  readonly vocabSize: number
  /** How often a word must occur to be known. */
  readonly minFrequency: number
}

/** Learns a tokenizer of the units asked for; its special tokens are {@link TARGET_TOKENS}. */
export function trainTextTokenizer(
  texts: Iterable<string>,
  { units, vocabSize, minFrequency }: TextTokenizerOptions,
): Tokenizer {
  const specialTokens = TARGET_TOKENS
  if (units === 'words') return trainWordTokenizer(texts, { specialTokens, vocabSize, minFrequency })
  if (units === 'characters') return trainCharTokenizer(texts, { specialTokens })
  return Tokenizer.train(
    texts,
    new trainers.BPETrainer({ specialTokens, vocabSize, minFrequency, model: { unkToken: '<unk>' } }),
    {
      normalizer: new normalizers.NFC(),
      // Marks are pieces of their own, so that a word is the same with and without a full stop.
      preTokenizer: new preTokenizers.Sequence([
        new preTokenizers.Metaspace(),
        new preTokenizers.Punctuation({ behavior: 'Isolated' }),
      ]),
      decoder: new decoders.Metaspace(),
    },
  )
}
