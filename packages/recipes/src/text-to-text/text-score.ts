import { chrf } from '@heddle/metrics'
import type { MetricInfo } from '../recipe.ts'
import { exactMatch, type WritingExample } from '../writing/exact-match.ts'

/** How near texts come to the one right text of each: the score of most text-to-text recipes. */
export function textScore(
  predictions: readonly string[],
  examples: readonly WritingExample<string>[],
): Record<'exactMatch' | 'chrf', number> {
  const references = examples.map(({ target }) => target)
  return { exactMatch: exactMatch(predictions, examples), chrf: chrf(predictions, references) }
}

/**
 * The metrics of a recipe that has {@link textScore}.
 *
 * @param written what is written, in the plural
 * @param further metrics of its own
 */
export function textMetrics(written: string, expected: number, further: readonly MetricInfo[] = []): MetricInfo[] {
  return [
    { name: 'exactMatch', summary: `${written} exactly as the reference`, better: 'higher', expected, percent: true },
    { name: 'chrf', summary: 'chrF, 0 to 100', better: 'higher' },
    ...further,
    ...teacherForcedMetrics,
  ]
}

/** What the model does with the true tokens before each one. */
export const teacherForcedMetrics: readonly MetricInfo[] = [
  { name: 'tokenAccuracy', summary: 'tokens right, given the true ones before them', better: 'higher', percent: true },
  { name: 'loss', summary: 'nats per token', better: 'lower' },
]
