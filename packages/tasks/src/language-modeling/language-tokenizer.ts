import { decoders, preTokenizers, Tokenizer, trainCharTokenizer, trainers } from '@heddle/tokenizer'
import * as z from 'zod'

/** Number of different bytes: the smallest vocabulary of byte-level BPE. */
const BYTES = 256

/** The settings under `tokenizer` of language models. */
export const languageTokenizerSettings = z
  .strictObject({
    units: z
      .enum(['characters', 'subwords'])
      .default('characters')
      .describe(
        'tokens of a text: characters, or frequent parts of words by byte-level BPE, to which no text is unknown',
      ),
    vocabSize: z.int().min(BYTES).default(1000).describe('largest number of subwords; characters are all kept'),
  })
  .prefault({})
  .describe('tokens of the texts')

/**
 * Learns a tokenizer of the chosen units.
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners", for byte-level BPE
 */
export function languageTokenizer(
  texts: Iterable<string>,
  { units, vocabSize }: z.output<typeof languageTokenizerSettings>,
): Tokenizer {
  if (units === 'characters') return trainCharTokenizer(texts, { specialTokens: ['<unk>'] })
  return Tokenizer.train(
    texts,
    new trainers.BPETrainer({ vocabSize, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
    {
      preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }),
      decoder: new decoders.ByteLevel(),
    },
  )
}
