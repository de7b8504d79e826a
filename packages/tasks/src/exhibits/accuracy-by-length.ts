import type { Exhibit } from './exhibit.ts'

/** Share of right outputs among the examples of one length. */
export interface LengthAccuracy {
  readonly length: number
  /** From 0 to 1. */
  readonly accuracy: number
  /** Number of examples. */
  readonly count: number
}

/** Accuracy by the length of the examples, in training and beyond. */
export interface AccuracyByLengthExhibit extends Exhibit {
  readonly kind: 'accuracy-by-length'
  /** Unit of the lengths: 'letters'. */
  readonly unit: string
  /** The longest training example. */
  readonly longestInTraining: number
  /** In ascending order of lengths. */
  readonly lengths: readonly LengthAccuracy[]
}
