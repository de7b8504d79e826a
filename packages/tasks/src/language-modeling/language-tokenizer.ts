import { decoders, preTokenizers, Tokenizer, trainCharTokenizerAsync, trainers } from '@heddle/tokenizer'
import * as z from 'zod'
import type { Abortable } from '../task/pipeline.ts'

const UNKNOWN = '<unk>'

/** Number of different bytes: the smallest vocabulary of byte-level BPE. */
const BYTES = 256

/** The settings under `tokenizer` of language models. */
export const languageTokenizerSettings = z
  .strictObject({
    units: z
      .enum(['characters', 'subwords', 'words'])
      .default('characters')
      .describe(
        'tokens of a text: characters; frequent parts of words by byte-level BPE, to which no text is unknown; or words between spaces with a token for the end of a line, as WikiText and the Penn Treebank are counted',
      ),
    vocabSize: z
      .int()
      .min(BYTES)
      .optional()
      .describe('largest number of subwords (default: 1000) or of words (default: all); characters are all kept'),
  })
  .prefault({})
  .describe('tokens of the texts')

/**
 * Learns a tokenizer of the chosen units.
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners", for byte-level BPE
 */
export async function languageTokenizer(
  texts: Iterable<string>,
  {
    units,
    vocabSize = units === 'subwords' ? 1000 : Number.MAX_SAFE_INTEGER,
  }: z.output<typeof languageTokenizerSettings>,
  { signal }: Abortable = {},
): Promise<Tokenizer> {
  if (units === 'characters') return trainCharTokenizerAsync(texts, { specialTokens: [UNKNOWN], signal })
  if (units === 'words') return wordTokenizer(texts, vocabSize, signal)
  return Tokenizer.trainAsync(
    texts,
    new trainers.BPETrainer({ vocabSize, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
    {
      preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }),
      decoder: new decoders.ByteLevel(),
      signal,
    },
  )
}

/**
 * Words are what stands between spaces, and each end of a line is a token, the `<eos>` of published counts. A word that training did
 * not meet is `<unk>`, as is the `<unk>` of a text.
 *
 * @see Merity et al. 2017, "Pointer sentinel mixture models", for WikiText
 */
function wordTokenizer(texts: Iterable<string>, vocabSize: number, signal?: AbortSignal): Promise<Tokenizer> {
  const trainer = new trainers.WordLevelTrainer({ specialTokens: [UNKNOWN], vocabSize, minFrequency: 1 })
  return Tokenizer.trainAsync(texts, trainer, {
    signal,
    preTokenizer: new preTokenizers.Split({ pattern: { regex: '\\n|[^\\s]+' }, behavior: 'Removed', invert: true }),
    // A word has its space before it, so that it continues a text.
    decoder: new decoders.Replace({ regex: '^(?=[^\\n])' }, ' '),
  })
}
