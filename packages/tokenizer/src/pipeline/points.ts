import { ExtensionPoint, type PartSpec, type Registry } from '@heddle/core'
import type { Encoding } from '../encoding/encoding.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import type { AddedToken } from '../text/added-token.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import type { PreTokens } from '../text/pre-tokens.ts'

/** Dependencies of a part beside its config: the registry, to create inner parts. */
export interface PartContext {
  readonly registry: Registry
}

/** Rewrites text before it is split: Unicode forms, case, accents, white space. */
export interface Normalizer {
  normalize(text: AlignedText): AlignedText
  /** The form of an added token in normalized text, if it differs from `normalize` of the token alone. */
  normalizeToken?(content: string): string
  /** The part as JSON for tokenizer.json. */
  toJSON(): PartSpec
}

/** Splits text into the pre-tokens ("words") that the model tokenizes one by one. */
export interface PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens
  toJSON(): PartSpec
}

/** Turns one pre-token into tokens of its vocabulary. */
export interface Model {
  /** Appends the pre-token's tokens to `out`, with their ranges in UTF-16 units of `preToken`. */
  tokenize(preToken: string, out: TokenBuffer): void
  /**
   * `tokenize` of the first `length` of `units`, for models that read UTF-16 units: the pre-token is not made a string then. The array is reused
   * afterwards.
   */
  tokenizeUnits?(units: Uint16Array, length: number, out: TokenBuffer): void
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  readonly vocabSize: number
  vocabulary(): Map<string, number>
  /** Whether tokens may be cached by pre-token: they depend on it alone, and computing them takes longer than a lookup. */
  readonly cacheable: boolean
  /** Id whose tokens are shown as the text that they cover instead of a name from the vocabulary. */
  readonly surfaceId?: number | undefined
  toJSON(): PartSpec
}

/** Adds special tokens around the sequences, or adjusts their offsets. */
export interface PostProcessor {
  /** Number of tokens that it adds to one sequence or to a pair. */
  addedTokens(isPair: boolean): number
  /** Takes one encoding for each sequence; the results are joined in order. */
  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[]
  toJSON(): PartSpec
}

/** Turns tokens into text. The returned strings are joined, or passed to the next decoder of a sequence. */
export interface Decoder {
  decode(tokens: readonly string[]): string[]
  toJSON(): PartSpec
}

/** Progress of a training. */
export interface TrainingProgress {
  /** Name of the current step. */
  readonly stage: string
  readonly done: number
  /** Unknown while a stream of lines is being read. */
  readonly total?: number
}

/** Trains a model on counts of pre-tokens. */
export interface Trainer {
  /** Tokens that come first in the vocabulary and are never split. */
  readonly specialTokens: readonly AddedToken[]
  train(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Model
}

export const normalizerPoint = new ExtensionPoint<Normalizer, PartContext>('tokenizer normalizer')
export const preTokenizerPoint = new ExtensionPoint<PreTokenizer, PartContext>('tokenizer pre-tokenizer')
export const tokenizerModelPoint = new ExtensionPoint<Model, PartContext>('tokenizer model')
export const trainerPoint = new ExtensionPoint<Trainer, PartContext>('tokenizer trainer')
export const postProcessorPoint = new ExtensionPoint<PostProcessor, PartContext>('tokenizer post-processor')
export const decoderPoint = new ExtensionPoint<Decoder, PartContext>('tokenizer decoder')
