import type { Exhibit } from './exhibit.ts'

/** Counts of predicted labels by true labels: `counts[i][j]` examples of label i were given label j. */
export interface ConfusionExhibit extends Exhibit {
  readonly kind: 'confusion'
  readonly labels: readonly string[]
  readonly counts: readonly (readonly number[])[]
}
