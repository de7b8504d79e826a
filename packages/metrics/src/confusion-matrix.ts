import { HeddleError, show } from '@heddle/core'
import type { Label } from './accuracy.ts'
import { checkPairs } from './metric.ts'

export interface ConfusionMatrix<L extends Label = Label> {
  readonly labels: readonly L[]
  /** `counts[i][j]`: how often label i was predicted as label j. */
  readonly counts: readonly (readonly number[])[]
}

/**
 * Counts which label was predicted for which reference.
 *
 * @param labels the order of rows and columns; default: all that occur, sorted
 * @throws HeddleError `data` for a label that is not in `labels`
 */
export function confusionMatrix<L extends Label>(
  predictions: ArrayLike<L>,
  references: ArrayLike<L>,
  labels?: readonly L[],
): ConfusionMatrix<L> {
  checkPairs('confusionMatrix', predictions, references)
  const order = labels ?? sortedLabels(predictions, references)
  const indices = new Map(order.map((label, index) => [label, index]))
  const indexOf = (label: L): number => {
    const index = indices.get(label)
    if (index === undefined) {
      throw new HeddleError(
        'data',
        `confusionMatrix: expected one of the ${order.length} labels, got ${show(label)}. Add it to labels.`,
      )
    }
    return index
  }
  const counts = order.map(() => new Array<number>(order.length).fill(0))
  for (let i = 0; i < references.length; i++) counts[indexOf(references[i]!)]![indexOf(predictions[i]!)]!++
  return { labels: order, counts }
}

/** All labels that occur: numbers in their order, then names by code unit. */
export function sortedLabels<L extends Label>(...lists: ArrayLike<L>[]): L[] {
  const seen = new Set(lists.flatMap((list) => Array.from(list)))
  return [...seen].sort((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
    return a < b ? -1 : 1
  })
}
