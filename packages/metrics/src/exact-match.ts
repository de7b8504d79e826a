import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/**
 * Share of predicted texts that equal their reference, up to white space and Unicode normalization (NFC).
 *
 * @param inputs the input of each prediction: where one input has several references, any of them is right
 */
export function exactMatch(
  predictions: readonly string[],
  references: readonly string[],
  inputs?: readonly unknown[],
): number {
  checkPairs('exactMatch', predictions, references)
  const right = references.map(normalized)
  const accepted = new Map<unknown, Set<string>>()
  const keyOf = (i: number) => (inputs === undefined ? i : inputs[i])
  for (const [i, reference] of right.entries()) {
    accepted.set(keyOf(i), (accepted.get(keyOf(i)) ?? new Set()).add(reference))
  }
  const matches = predictions.filter((prediction, i) => accepted.get(keyOf(i))!.has(normalized(prediction)))
  return matches.length / predictions.length
}

const normalized = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim()

/** Contribution `exactMatch`. */
export const exactMatchMetric = metricPoint.of({
  name: 'exactMatch',
  summary: 'Share of texts that equal a reference of their input, up to white space (0 to 1).',
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'exactMatch', summary: 'outputs that equal a reference', better: 'higher', percent: true }],
    compute: (predictions: readonly string[], references: readonly string[], inputs?: readonly unknown[]) => ({
      exactMatch: exactMatch(predictions, references, inputs),
    }),
  }),
})
