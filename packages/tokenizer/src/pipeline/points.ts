import { ExtensionPoint, type PartSpec, type Registry } from '@heddle/core'
import type { AddedToken } from './added-token.ts'
import type { AlignedText } from './aligned-text.ts'
import type { Encoding } from './encoding.ts'
import type { Pieces } from './pieces.ts'
import type { TokenBuffer } from './token-buffer.ts'

/** What a part's definition is given besides its config: the registry, so that a part can hold further parts. */
export interface PartContext {
  readonly registry: Registry
}

/** Rewrites text before it is split: Unicode forms, case, accents, white space. */
export interface Normalizer {
  normalize(text: AlignedText): AlignedText
  /** How an added token stands in normalized text, where that is not what `normalize` makes of it alone. */
  normalizeToken?(content: string): string
  /** The part as it stands in tokenizer.json. */
  toJSON(): PartSpec
}

/** Splits text into the pieces ("words") that the model tokenizes one by one. */
export interface PreTokenizer {
  preTokenize(pieces: Pieces): Pieces
  toJSON(): PartSpec
}

/** Turns one piece into tokens of its vocabulary. */
export interface Model {
  /** Appends the piece's tokens to `out`, with their ranges in UTF-16 units of `piece`. */
  tokenize(piece: string, out: TokenBuffer): void
  tokenToId(token: string): number | undefined
  idToToken(id: number): string | undefined
  readonly vocabSize: number
  vocabulary(): Map<string, number>
  /** Whether a piece's tokens may be kept for the next time that it occurs: the same piece always gives the same ones, and finding them takes longer than a look-up. */
  readonly cacheable: boolean
  /** The id whose tokens show the text that they stand for instead of a name from the vocabulary, if there is one. */
  readonly surfaceId?: number | undefined
  toJSON(): PartSpec
}

/** Adds special tokens around the sequences, or adjusts their offsets. */
export interface PostProcessor {
  /** How many tokens it adds to one sequence or to a pair. */
  addedTokens(isPair: boolean): number
  /** Takes one encoding for each sequence; the results are joined in their order. */
  process(encodings: readonly Encoding[], addSpecialTokens: boolean): Encoding[]
  toJSON(): PartSpec
}

/** Turns tokens back into text; the strings that it returns are joined, or handed to the next decoder of a sequence. */
export interface Decoder {
  decode(tokens: readonly string[]): string[]
  toJSON(): PartSpec
}

/** How far a training has come. */
export interface TrainingProgress {
  /** What is being done, in a few words. */
  readonly stage: string
  readonly done: number
  /** Not known while a stream of lines is being read. */
  readonly total?: number
}

/** Makes a model out of piece counts. */
export interface Trainer {
  /** The tokens that come first in the vocabulary and are never split. */
  readonly specialTokens: readonly AddedToken[]
  train(counts: ReadonlyMap<string, number>, onProgress?: (progress: TrainingProgress) => void): Model
}

export const normalizerPoint = new ExtensionPoint<Normalizer, PartContext>('tokenizer normalizer')
export const preTokenizerPoint = new ExtensionPoint<PreTokenizer, PartContext>('tokenizer pre-tokenizer')
export const modelPoint = new ExtensionPoint<Model, PartContext>('tokenizer model')
export const trainerPoint = new ExtensionPoint<Trainer, PartContext>('tokenizer trainer')
export const postProcessorPoint = new ExtensionPoint<PostProcessor, PartContext>('tokenizer post-processor')
export const decoderPoint = new ExtensionPoint<Decoder, PartContext>('tokenizer decoder')
