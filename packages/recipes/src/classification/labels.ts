import { HeddleError, show } from '@heddle/core'
import type { MetricInfo } from '../recipe.ts'
import { IGNORED } from './labelled-batch.ts'

/** The labels that occur, sorted. */
export function labelsOf(values: Iterable<string>, where: string): string[] {
  const labels = [...new Set(values)].sort()
  if (labels.length < 2) {
    throw new HeddleError(
      'data',
      `${where}: expected at least two different labels, got ${labels.map((label) => show(label)).join(', ') || 'none'}. Check the data.`,
    )
  }
  return labels
}

/** Maps labels to their places; one that is not known is {@link IGNORED}. */
export function labelIds(labels: readonly string[]): (label: string) => number {
  const ids = new Map(labels.map((label, id) => [label, id]))
  return (label) => ids.get(label) ?? IGNORED
}

/** The labels as a run's file holds them. */
export function savedLabels(value: unknown, where: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((label) => typeof label === 'string')) {
    throw new HeddleError('format', `${where}: expected a list of labels, got ${show(value)}. Train the run again.`)
  }
  return value
}

/** What a recipe that classifies may keep the best weights by: its accuracy unless it is told otherwise. */
export const CLASSIFICATION_MONITORS = ['accuracy', 'loss'] as const

/** The metrics of classification; `expected` is the accuracy on the built-in data. */
export function classificationMetrics(what: string, expected: number): MetricInfo[] {
  return [
    { name: 'accuracy', summary: `${what} with the right label`, better: 'higher', expected, percent: true },
    { name: 'macroF1', summary: 'F1, the mean over the labels', better: 'higher', percent: true },
    { name: 'loss', summary: 'nats per label', better: 'lower' },
  ]
}
