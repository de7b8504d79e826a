import { Joiner as JoinerDecoder } from './decoders/joiner.ts'
import { Lowercase } from './normalizers/lowercase.ts'
import { Sequence } from './normalizers/sequence.ts'
import { NFC } from './normalizers/unicode-forms.ts'
import type { TrainingProgress } from './pipeline/points.ts'
import { Joiner } from './pre-tokenizers/joiner.ts'
import type { AddedTokenInput } from './text/added-token.ts'
import { Tokenizer } from './tokenizer.ts'
import { WordLevelTrainer } from './trainers/word-level-trainer.ts'

export interface WordTokenizerOptions {
  /** Default `<pad>`, `<unk>`, `<sos>`, `<eos>`, with the ids 0 to 3. One of them must be `<unk>`. */
  readonly specialTokens?: readonly AddedTokenInput[]
  /** Number of times that a word must occur. Default 1. */
  readonly minFrequency?: number
  /** Largest number of tokens, special ones included. Default 30,000. */
  readonly vocabSize?: number
  /** Whether to make the text lower case. Default false. */
  readonly lowercase?: boolean
  readonly onProgress?: (progress: TrainingProgress) => void
}

/**
 * A tokenizer of whole words and punctuation marks, for translation between languages that write spaces.
 *
 * Punctuation that touches a word has a joiner, which lets decoding restore the spacing: `decode(encode(s)) = s` for every `s` in NFC with
 * known words and single spaces.
 */
export function trainWordTokenizer(lines: Iterable<string>, options: WordTokenizerOptions = {}): Tokenizer {
  return Tokenizer.train(lines, trainerOf(options), partsOf(options))
}

/** `trainWordTokenizer` in turns, between which others work and a signal may end it, with its reason. */
export function trainWordTokenizerAsync(
  lines: Iterable<string>,
  { signal, ...options }: WordTokenizerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<Tokenizer> {
  return Tokenizer.trainAsync(lines, trainerOf(options), { ...partsOf(options), signal })
}

function trainerOf({
  specialTokens = ['<pad>', '<unk>', '<sos>', '<eos>'],
  minFrequency = 1,
  vocabSize = 30_000,
}: WordTokenizerOptions): WordLevelTrainer {
  return new WordLevelTrainer({ specialTokens, minFrequency, vocabSize })
}

function partsOf({ lowercase = false, onProgress }: WordTokenizerOptions) {
  const composed = new NFC()
  return {
    normalizer: lowercase ? new Sequence([composed, new Lowercase()]) : composed,
    preTokenizer: new Joiner(),
    decoder: new JoinerDecoder(),
    onProgress,
  }
}
