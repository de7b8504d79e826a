import { HeddleError, show } from '@heddle/core'
import type { Row } from '@heddle/data'
import { IGNORED } from './labeled-batch.ts'

/** A label with its probability, and that of every other label. */
export interface LabelPrediction {
  readonly label: string
  readonly score: number
  readonly scores: Readonly<Record<string, number>>
}

/** A prediction for people: `positive (98 %)`. */
export const formatLabel = ({ label, score }: Pick<LabelPrediction, 'label' | 'score'>): string =>
  `${label} (${Math.round(100 * score)} %)`

/** A prediction as a row of a file. */
export const labelRow = ({ label, score, scores }: LabelPrediction): Row => ({ prediction: label, score, scores })

/** Predictions of steps as a row of a file. */
export const stepsRow = (steps: readonly Pick<LabelPrediction, 'label' | 'score'>[]): Row => ({
  prediction: steps.map(({ label }) => label),
  scores: steps.map(({ score }) => score),
})

/** @param probabilities of every label, in their order */
export function labelPrediction(
  id: number,
  probabilities: ArrayLike<number>,
  labels: readonly string[],
): LabelPrediction {
  return {
    label: labels[id]!,
    score: probabilities[id]!,
    scores: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]!])),
  }
}

/** The labels that occur, sorted. */
export function labelsIn(values: Iterable<string>): readonly string[] {
  const labels = [...new Set(values)].sort()
  if (labels.length < 2) {
    throw new HeddleError(
      'data',
      `labels: expected at least two different labels, got ${labels.map((label) => show(label)).join(', ') || 'none'}. Check the data.`,
    )
  }
  return labels
}

/** Maps labels to their ids; an unknown one is {@link IGNORED}. */
export function labelIds(labels: readonly string[]): (label: string) => number {
  const ids = new Map(labels.map((label, id) => [label, id]))
  return (label) => ids.get(label) ?? IGNORED
}
