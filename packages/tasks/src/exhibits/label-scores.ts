import type { Exhibit } from './exhibit.ts'

/** Scores of one label, each from 0 to 1. */
export interface LabelScores {
  readonly label: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Number of examples that have the label. */
  readonly count: number
  /** Probability from which on the label is predicted (default: not shown). */
  readonly threshold?: number
}

/** Precision, recall and F1 of labels that are decided each on its own. */
export interface LabelScoresExhibit extends Exhibit {
  readonly kind: 'label-scores'
  readonly scores: readonly LabelScores[]
}
