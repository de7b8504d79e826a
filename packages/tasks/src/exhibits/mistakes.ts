import type { Exhibit } from './exhibit.ts'

/** The example of a mistake, or the part of it that the label is of. */
export interface MistakenExample {
  readonly text?: string
  /** Begin and end of the labeled part of the text; undefined where the label is of the whole text. */
  readonly part?: readonly [begin: number, end: number]
  /** A gray picture, row by row, from 0 (black) to 1 (white). */
  readonly picture?: { readonly width: number; readonly height: number; readonly pixels: readonly number[] }
}

/** A wrong prediction. */
export interface Mistake extends MistakenExample {
  readonly expected: string
  readonly predicted: string
  /** Probability of the predicted label. */
  readonly score: number
  /** Probability of the expected label; the loss is its negative logarithm. */
  readonly expectedScore: number
}

/** The wrong predictions with the highest loss, the highest first. */
export interface MistakesExhibit extends Exhibit {
  readonly kind: 'mistakes'
  readonly mistakes: readonly Mistake[]
}
