import type { Module } from '@heddle/layers'
import { AbilityKind } from './ability.ts'
import type { TextToken, Vocabulary } from './read-text.ts'

// S tokens of the source, T tokens of the target

/** A source with its target as an encoder-decoder reads them. */
export interface ReadPair {
  readonly source: readonly TextToken[] // S
  /** The tokens that go into the decoder, from the start symbol on. */
  readonly target: readonly TextToken[] // T
  /** The token that follows each of them, up to the end symbol. */
  readonly written: readonly TextToken[] // T
  /** The target as a text. */
  readonly text: string
  readonly model: Module
  /** Of the decoder. */
  readonly vocabulary: Vocabulary
  /** Passes both through the model. */
  forward(): void
}

/** Passes a source through a model with the text that belongs to it, so that one can look inside. */
export interface PairReader {
  /** @param target by default the text that the model writes */
  read(source: string, target?: string): Promise<ReadPair>
  /** The source of an example of the task. */
  sourceOf(example: never): string
}

export const pairReading = new AbilityKind<PairReader>('read-pair')
