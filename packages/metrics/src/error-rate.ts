import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { checkPairs, checkTexts, metricPoint } from './metric.ts'
import { words } from './words.ts'

/** Result of the alignment of predictions with references. */
export interface ErrorRate {
  /** (substitutions + deletions + insertions) / units of all references. Above 1 when there are many insertions. */
  readonly rate: number
  /** Number of units that are right. */
  readonly hits: number
  readonly substitutions: number
  /** Number of units that only the references have. */
  readonly deletions: number
  /** Number of units that only the predictions have. */
  readonly insertions: number
}

/**
 * Returns the word error rate over a corpus. Words are separated by white space.
 *
 * Of the alignments with the fewest errors, the one with the most hits counts, which makes the counts unique.
 *
 * @throws HeddleError `data` when the references have no words at all
 * @see Morris, Maier & Green 2004, "From WER and RIL to MER and WIL"
 */
export function wordErrorRate(predictions: readonly string[], references: readonly string[]): ErrorRate {
  return errorRate('wordErrorRate', predictions, references, words)
}

/** Returns the character error rate over a corpus. Characters are code points; white space at both ends of a text does not count. */
export function characterErrorRate(predictions: readonly string[], references: readonly string[]): ErrorRate {
  return errorRate('characterErrorRate', predictions, references, (text) => [...text.trim()])
}

function errorRate(
  where: string,
  predictions: readonly string[],
  references: readonly string[],
  units: (text: string) => string[],
): ErrorRate {
  checkPairs(where, predictions, references)
  checkTexts(where, predictions)
  checkTexts(where, references)
  const sum = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 }
  for (const [i, reference] of references.entries()) {
    const counts = align(units(reference), units(predictions[i]!))
    sum.hits += counts.hits
    sum.substitutions += counts.substitutions
    sum.deletions += counts.deletions
    sum.insertions += counts.insertions
  }
  const size = sum.hits + sum.substitutions + sum.deletions
  if (size === 0)
    throw new HeddleError(
      'data',
      `${where}: expected references with text, got empty ones only. The rate is not defined.`,
    )
  return { rate: (sum.substitutions + sum.deletions + sum.insertions) / size, ...sum }
}

function align(reference: readonly string[], prediction: readonly string[]) {
  const N = reference.length
  const M = prediction.length
  // One number orders alignments by errors, then by hits: errors · base - hits.
  const base = N + M + 1
  let previous = Float64Array.from({ length: M + 1 }, (_, j) => j * base)
  let current = new Float64Array(M + 1)
  for (let i = 1; i <= N; i++) {
    current[0] = i * base
    for (let j = 1; j <= M; j++) {
      const diagonal = previous[j - 1]! + (reference[i - 1] === prediction[j - 1] ? -1 : base)
      current[j] = Math.min(diagonal, Math.min(previous[j]!, current[j - 1]!) + base)
    }
    ;[previous, current] = [current, previous]
  }
  const errors = Math.ceil(previous[M]! / base)
  const hits = errors * base - previous[M]!
  // From hits + S + D = N, hits + S + I = M and S + D + I = errors.
  const substitutions = N + M - 2 * hits - errors
  return { hits, substitutions, deletions: N - hits - substitutions, insertions: M - hits - substitutions }
}

function errorRateMetric(name: string, unit: 'word' | 'character', rate: typeof wordErrorRate) {
  return metricPoint.of({
    name,
    summary: `${unit === 'word' ? 'Word' : 'Character'} error rate of texts: edits by ${unit} of the reference (0 is best).`,
    config: z.strictObject({}),
    create: () => ({
      values: [{ name, summary: `edits by ${unit} of the reference`, better: 'lower', percent: true }],
      compute(predictions: readonly string[], references: readonly string[]) {
        const { rate: value, ...counts } = rate(predictions, references)
        return { [name]: value, ...counts }
      },
    }),
  })
}

/** Contribution `wordErrorRate`. */
export const wordErrorRateMetric = errorRateMetric('wordErrorRate', 'word', wordErrorRate)

/** Contribution `characterErrorRate`. */
export const characterErrorRateMetric = errorRateMetric('characterErrorRate', 'character', characterErrorRate)
