import type { Module } from '@heddle/layers'
import { AbilityKind } from './ability.ts'

// T tokens of the text

/** A token of a text as it stands there: a character, a part of a word, a word. */
export interface TextToken {
  readonly text: string
  /** Text between the token before and this one that is no token, such as the space between words. */
  readonly gap: string
}

/** The tokens that a model predicts. */
export interface Vocabulary {
  /** The place that the prediction at a token is for: the token after it, or the token itself. */
  readonly predicts: 'next' | 'itself'
  /** A token for people. */
  tokenText(id: number): string
}

/** A text of which single tokens can be masked. */
export interface Masking {
  readonly ids: readonly number[] // T
  /** Places of the tokens that stand in the text, without the special ones around it. */
  readonly places: readonly number[]
  /** The same text with the token at a place masked. */
  masked(place: number): ReadText
}

/** A text as a model reads it. */
export interface ReadText {
  readonly tokens: readonly TextToken[] // T
  /** The part of the model that reads one token a step. */
  readonly reader: Module
  /** Present for models that predict tokens. */
  readonly vocabulary?: Vocabulary
  /** Present for models that find masked tokens. */
  readonly masking?: Masking
  /** Passes the text through the model. */
  forward(): void
  /** Passes it through token by token, where the model can take a step. */
  stepThrough?(): void
}

/** Passes texts through a model, so that one can look inside. */
export interface TextReader {
  /** @throws HeddleError `data` for a text with fewer than two tokens */
  read(text: string): ReadText
  /** A text of an example of the task, short enough to look at. */
  textOf?(example: never): string | Promise<string>
}

export const textReading = new AbilityKind<TextReader>('read')
