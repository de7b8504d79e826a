import {
  decoders,
  normalizers,
  preTokenizers,
  Tokenizer,
  trainCharTokenizerAsync,
  trainers,
  trainWordTokenizerAsync,
} from '@heddle/tokenizer'
import * as z from 'zod'
import { TARGET_TOKENS } from '../sequence-to-text/target-tokens.ts'
import type { Abortable } from '../task/pipeline.ts'

const units = z.enum(['words', 'subwords', 'characters', 'symbols'])

/** The settings under `tokenizer` of tasks that learn a tokenizer from texts. */
export const tokenizerSettings = z
  .strictObject({
    units: units
      .default('subwords')
      .describe(
        'tokens of a text: words and punctuation marks, frequent parts of words, characters, or symbols between spaces, such as phones',
      ),
    sourceUnits: units.optional().describe('tokens of the sources (default: units)'),
    targetUnits: units.optional().describe('tokens of the targets (default: units)'),
    vocabSize: z.int().min(8).default(8000).describe('largest number of tokens of each side'),
    minFrequency: z.int().min(1).default(1).describe('occurrences that a word, or a pair of parts, needs to be known'),
    shared: z.boolean().default(false).describe('whether sources and targets share one tokenizer'),
  })
  .prefault({})
  .describe('tokens of the texts')

/** Learns a tokenizer of the chosen units; its special tokens are {@link TARGET_TOKENS}. */
export async function textTokenizer(
  texts: Iterable<string>,
  { units, vocabSize, minFrequency }: Pick<z.output<typeof tokenizerSettings>, 'units' | 'vocabSize' | 'minFrequency'>,
  { signal }: Abortable = {},
): Promise<Tokenizer> {
  const specialTokens = TARGET_TOKENS
  if (units === 'words') return trainWordTokenizerAsync(texts, { specialTokens, vocabSize, minFrequency, signal })
  if (units === 'symbols') {
    const trainer = new trainers.WordLevelTrainer({ specialTokens, vocabSize, minFrequency })
    return Tokenizer.trainAsync(texts, trainer, { preTokenizer: new preTokenizers.WhitespaceSplit(), signal })
  }
  if (units === 'characters') return trainCharTokenizerAsync(texts, { specialTokens, signal })
  return Tokenizer.trainAsync(
    texts,
    new trainers.BPETrainer({ specialTokens, vocabSize, minFrequency, model: { unkToken: '<unk>' } }),
    {
      normalizer: new normalizers.NFC(),
      // Punctuation marks are tokens of their own, so that a word is the same with and without a full stop.
      preTokenizer: new preTokenizers.Sequence([
        new preTokenizers.Metaspace(),
        new preTokenizers.Punctuation({ behavior: 'Isolated' }),
      ]),
      decoder: new decoders.Metaspace(),
      signal,
    },
  )
}
