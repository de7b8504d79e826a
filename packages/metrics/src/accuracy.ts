import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/** A class: its name or its index. */
export type Label = string | number

export interface AccuracyOptions {
  /** References that do not count (padding). */
  readonly ignore?: Label
}

/**
 * Returns the share of predictions that equal their references: of labels, or of whole texts (exact match).
 *
 * @throws HeddleError `data` when the lengths differ or there is nothing to compare
 */
export function accuracy(
  predictions: ArrayLike<Label>,
  references: ArrayLike<Label>,
  { ignore }: AccuracyOptions = {},
): number {
  checkPairs('accuracy', predictions, references)
  let right = 0
  let all = 0
  for (let i = 0; i < references.length; i++) {
    if (references[i] === ignore) continue
    all++
    if (predictions[i] === references[i]) right++
  }
  if (all === 0)
    throw new HeddleError(
      'data',
      `accuracy: expected references other than ${ignore}, got none. Check the option ignore.`,
    )
  return right / all
}

/** Contribution `accuracy`. */
export const accuracyMetric = metricPoint.of({
  name: 'accuracy',
  summary: 'Share of predictions (labels or whole texts) that equal their references (0 to 1).',
  config: z.strictObject({
    ignore: z.union([z.string(), z.number()]).optional().describe('A reference that does not count, such as padding'),
  }),
  create: ({ ignore }) => ({
    values: [
      {
        name: 'accuracy',
        summary: 'share of predictions that equal their references',
        better: 'higher',
        percent: true,
      },
    ],
    compute: (predictions: readonly Label[], references: readonly Label[]) => ({
      accuracy: accuracy(predictions, references, ignore === undefined ? {} : { ignore }),
    }),
  }),
})
