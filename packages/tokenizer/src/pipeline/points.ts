import { ExtensionPoint, type PartSpec, type Registry, type Turns } from '@heddle/core'
import type { Encoding } from '../encoding/encoding.ts'
import type { TokenBuffer } from '../encoding/token-buffer.ts'
import type { AddedToken } from '../text/added-token.ts'
import type { AlignedText } from '../text/aligned-text.ts'
import type { UnitSplitter } from '../text/bounds.ts'
import type { PreTokens, Spelling } from '../text/pre-tokens.ts'

/** Dependencies of a part beside its config: the registry, to create inner parts. */
export interface PartContext {
  readonly registry: Registry
}

/** Rewrites text before it is split: Unicode forms, case, accents, white space. */
export interface Normalizer {
  normalize(text: AlignedText): AlignedText
  /**
   * The unit that a UTF-16 unit becomes; -1 if it becomes another number of units or depends on its neighbors. A text of which all units become
   * one is these, in order.
   */
  mapUnit?(unit: number): number
  /** The form of an added token in normalized text, if it differs from `normalize` of the token alone. */
  normalizeToken?(content: string): string
  /** The part as JSON for tokenizer.json. */
  toJSON(): PartSpec
}

/** A pre-tokenizer that reads UTF-16 units: where it splits, if it does, and the spelling of the pre-tokens. */
export interface UnitSplit {
  readonly split: UnitSplitter | undefined
  readonly spelling?: Spelling | undefined
  /** Whether it holds for whole texts only, not for parts. Default false. */
  readonly whole?: boolean
}

/** Splits text into the pre-tokens ("words") that the model tokenizes one by one. */
export interface PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens
  /** `preTokenize` of a whole text as units, if it can be done in this way: much faster. */
  readonly unitSplit?: UnitSplit | undefined
  toJSON(): PartSpec
}

/** Turns one pre-token into tokens of its vocabulary. */
export interface Model {
  /** Appends the pre-token's tokens to `out`, with their ranges in UTF-16 units of `preToken`. */
  tokenize(preToken: string, out: TokenBuffer): void
  /**
   * `tokenize` of `units` from `start` to `end`, for models that read UTF-16 units: the pre-token is not made a string then. Token ranges count
   * from `start`. The array is reused afterwards.
   */
  tokenizeUnits?(units: Uint16Array, start: number, end: number, out: TokenBuffer): void
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  readonly vocabSize: number
  vocabulary(): Map<string, number>
  /** Whether tokens may be cached by pre-token: they depend on it alone, and computing them takes longer than a lookup. */
  readonly cacheable: boolean
  /** Whether the same pre-token may become other tokens the next time. Default false. */
  readonly random?: boolean
  /** Id whose tokens are shown as the text that they cover instead of a name from the vocabulary. */
  readonly surfaceId?: number | undefined
  /** Prefix of tokens that continue a word (`##`), in vocabularies that mark them. */
  readonly continuingSubwordPrefix?: string | undefined
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
  /**
   * The same training in turns of a few milliseconds each, between which others may work and the caller may stop; `Tokenizer.trainAsync` uses
   * it (default: `train`, which cannot be stopped).
   */
  trainInTurns?(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Turns<Model>
}

export const normalizerPoint = new ExtensionPoint<Normalizer, PartContext>('tokenizer normalizer')
export const preTokenizerPoint = new ExtensionPoint<PreTokenizer, PartContext>('tokenizer pre-tokenizer')
export const tokenizerModelPoint = new ExtensionPoint<Model, PartContext>('tokenizer model')
export const trainerPoint = new ExtensionPoint<Trainer, PartContext>('tokenizer trainer')
export const postProcessorPoint = new ExtensionPoint<PostProcessor, PartContext>('tokenizer post-processor')
export const decoderPoint = new ExtensionPoint<Decoder, PartContext>('tokenizer decoder')
