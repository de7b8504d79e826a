import type { Padding } from './encoding/padding.ts'
import type { Truncation } from './encoding/truncation.ts'
import type { Decoder, Model, Normalizer, PostProcessor, PreTokenizer } from './pipeline/points.ts'
import type { AddedToken, AddedTokenInput } from './text/added-token.ts'
import type { Tokenizer } from './tokenizer.ts'
import type { TrainOptions } from './trainers/count-pre-tokens.ts'

/** The parts of a tokenizer. Only the model is required. */
export interface TokenizerParts {
  readonly model: Model
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly postProcessor?: PostProcessor | undefined
  readonly decoder?: Decoder | undefined
  /** Tokens beside the model's vocabulary. Without an id, a token keeps its id in the model or gets the next free one. */
  readonly addedTokens?: readonly (AddedTokenInput | (AddedToken & { readonly id: number }))[] | undefined
  readonly truncation?: Truncation | undefined
  readonly padding?: Padding | undefined
  /** Default of the encode option of the same name. Default false. */
  readonly encodeSpecialTokens?: boolean | undefined
}

/** A text, or a list of words, as for tagging: `wordIds` then holds the number of each token's word, and offsets count within the word. */
export type TextInput = string | readonly string[]

/** A text or a pair of texts in a batch. */
export type BatchInput = TextInput | readonly [TextInput, TextInput]

export interface EncodeOptions {
  /** Whether the post-processor adds its special tokens. Default true. */
  readonly addSpecialTokens?: boolean
  /**
   * Whether special tokens in the text are plain text instead of themselves, so that data cannot inject them. Default: the tokenizer's setting,
   * which is false for a tokenizer.json and true for SentencePiece models, as in the libraries that these come from.
   */
  readonly encodeSpecialTokens?: boolean
}

export interface DecodeOptions {
  /** Whether to skip special tokens. Default true. */
  readonly skipSpecialTokens?: boolean
  /** Whether to remove spaces before English punctuation and contractions. Default: the tokenizer's setting. */
  readonly cleanUpTokenizationSpaces?: boolean
}

export interface ArrayOptions extends EncodeOptions {
  /** Largest number of tokens of a text, special ones included. Default: the tokenizer's truncation, or the limit of its settings. */
  readonly maxLength?: number
  /** Length of all rows. Default: that of the longest text. */
  readonly padToLength?: number
  /** Rounds the length of the rows up to a multiple of this number. */
  readonly padToMultipleOf?: number
  /** Whether the texts are lists of words. Default false. */
  readonly isSplitIntoWords?: boolean
}

/** The parts for `Tokenizer.train`, without the model, which the trainer creates. */
export interface TrainedParts extends TrainOptions {
  readonly decoder?: Decoder | undefined
  /** A post-processor, or a function that creates it from the trained tokenizer, to look up the ids of special tokens. */
  readonly postProcessor?: PostProcessor | ((tokenizer: Tokenizer) => PostProcessor) | undefined
}
