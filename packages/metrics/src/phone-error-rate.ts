import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { wordErrorRate } from './error-rate.ts'
import { checkPairs, metricPoint } from './metric.ts'

/** Errors of pronunciations, each word by the nearest of its references. */
export interface PronunciationErrors {
  /** Edits of phones by phones of the references. */
  readonly phoneErrorRate: number
  /** Share of the words with any wrong phone, which is published as their word error rate. */
  readonly wrongWords: number
}

/**
 * Errors of pronunciations. Of the pronunciations of a word the nearest one counts, and each word counts once.
 *
 * @param predictions phones with spaces between them
 * @param inputs the word of each prediction; without them each is a word of its own
 * @see Yao & Zweig 2015, "Sequence-to-sequence neural net models for grapheme-to-phoneme conversion", for the choice of the reference
 */
export function pronunciationErrors(
  predictions: readonly string[],
  references: readonly string[],
  inputs?: readonly unknown[],
): PronunciationErrors {
  checkPairs('phoneErrorRate', predictions, references)
  const words = new Map<unknown, { prediction: string; references: string[] }>()
  for (const [i, reference] of references.entries()) {
    const key = inputs === undefined ? i : inputs[i]
    const word = words.get(key) ?? { prediction: predictions[i]!, references: [] }
    words.set(key, word)
    if (reference.trim() !== '') word.references.push(reference)
  }
  let [errors, phones, wrong, count] = [0, 0, 0, 0]
  for (const { prediction, references: all } of words.values()) {
    const aligned = all.map((reference) => {
      const { substitutions, deletions, insertions, hits } = wordErrorRate([prediction], [reference])
      return { errors: substitutions + deletions + insertions, phones: hits + substitutions + deletions }
    })
    if (aligned.length === 0) continue
    const nearest = aligned.reduce((best, each) => (each.errors < best.errors ? each : best))
    errors += nearest.errors
    phones += nearest.phones
    count++
    if (nearest.errors > 0) wrong++
  }
  if (phones > 0) return { phoneErrorRate: errors / phones, wrongWords: wrong / count }
  throw new HeddleError(
    'data',
    'phoneErrorRate: expected references with phones, got empty ones only. The rate is not defined.',
  )
}

/** Contribution `phoneErrorRate`. */
export const phoneErrorRateMetric = metricPoint.of({
  name: 'phoneErrorRate',
  summary: 'Edits by phone of the nearest pronunciation of a word, and words with any (0 is best).',
  config: z.strictObject({}),
  create: () => ({
    values: [
      {
        name: 'phoneErrorRate',
        summary: 'edits by phone of the nearest pronunciation',
        better: 'lower',
        percent: true,
      },
      {
        name: 'wrongWords',
        summary: 'words with a wrong phone, by the nearest pronunciation',
        better: 'lower',
        percent: true,
      },
    ],
    compute: (predictions: readonly string[], references: readonly string[], inputs?: readonly unknown[]) => ({
      ...pronunciationErrors(predictions, references, inputs),
    }),
  }),
})
