import { HeddleError, show } from '@heddle/core'
import type { Label } from './accuracy.ts'
import { checkPairs } from './metric.ts'

export interface ConfusionMatrix<L extends Label = Label> {
  readonly labels: readonly L[]
  /** `counts[i][j]` is the number of references with label i that were predicted as label j. */
  readonly counts: readonly (readonly number[])[]
}

/** The matrix holds a number for each pair of labels. */
const MOST_LABELS = 5000

/**
 * Counts the predicted labels by the label of their reference.
 *
 * @param labels the order of rows and columns. Default: all labels that occur, sorted
 * @throws HeddleError `data` for a label that is not in `labels`, and for more than 5000 labels
 */
export function confusionMatrix<L extends Label>(
  predictions: ArrayLike<L>,
  references: ArrayLike<L>,
  labels?: readonly L[],
): ConfusionMatrix<L> {
  checkPairs('confusionMatrix', predictions, references)
  const order = labels ?? sortedLabels(predictions, references)
  if (order.length > MOST_LABELS) {
    throw new HeddleError(
      'data',
      `confusionMatrix: expected at most ${MOST_LABELS} labels, got ${order.length}. Check that these are labels, or count fewer.`,
    )
  }
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

/** Returns all labels that occur: numbers in their order, then names by UTF-16 units. */
export function sortedLabels<L extends Label>(...lists: ArrayLike<L>[]): L[] {
  const seen = new Set(lists.flatMap((list) => Array.from(list)))
  return [...seen].sort((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return a - b
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
    return a < b ? -1 : 1
  })
}
