import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import type { Label } from './accuracy.ts'
import { checkPairs, metricPoint } from './metric.ts'
import { type ClassCounts, type ClassScores, classScores } from './precision-recall.ts'

/**
 * Precision, recall and F1 of multi-label classification, where each prediction and each reference is a set of labels: by label, and
 * averaged.
 *
 * @param labels the labels that count (default: all that occur)
 * @see Tsoumakas & Katakis 2007, "Multi-label classification: an overview"
 */
export function labelSetF1<L extends Label>(
  predictions: readonly (readonly L[])[],
  references: readonly (readonly L[])[],
  labels?: readonly L[],
): ClassScores<L> {
  checkPairs('labelSetF1', predictions, references)
  const order = labels ?? [...new Set([...references, ...predictions].flat())].sort()
  const counts = new Map<L, { -readonly [K in keyof ClassCounts]: number }>(
    order.map((label) => [label, { truePositives: 0, predicted: 0, support: 0 }]),
  )
  for (let i = 0; i < references.length; i++) {
    const [predicted, right] = [new Set(predictions[i]), new Set(references[i])]
    for (const label of predicted) {
      const count = counts.get(label)
      if (count === undefined) continue
      count.predicted++
      if (right.has(label)) count.truePositives++
    }
    for (const label of right) {
      const count = counts.get(label)
      if (count !== undefined) count.support++
    }
  }
  return classScores(counts)
}

/** Share of the predicted sets that are exactly the reference's. */
export function subsetAccuracy<L extends Label>(
  predictions: readonly (readonly L[])[],
  references: readonly (readonly L[])[],
): number {
  checkPairs('subsetAccuracy', predictions, references)
  const isRight = (i: number) => {
    const [predicted, right] = [new Set(predictions[i]), new Set(references[i])]
    return predicted.size === right.size && [...predicted].every((label) => right.has(label))
  }
  return references.filter((_, i) => isRight(i)).length / references.length
}

/**
 * Label ranking average precision: for each right label of an example the share of right ones among all labels that score at least as
 * high, averaged over its right labels, then over the examples. An example without a right label, or with all of them, counts 1.
 *
 * @param scores a score for every label, each [C]
 * @param references positions of the right labels of each example
 * @see Schapire & Singer 2000, "BoosTexter: a boosting-based system for text categorization"
 */
export function rankingAveragePrecision(
  scores: readonly ArrayLike<number>[],
  references: readonly (readonly number[])[],
): number {
  checkPairs('rankingAveragePrecision', scores, references)
  let sum = 0
  for (const [i, row] of scores.entries()) {
    const right = [...new Set(references[i])]
    const outside = right.find((label) => !(label in row))
    if (outside !== undefined) {
      throw new HeddleError(
        'data',
        `rankingAveragePrecision: expected labels from 0 to ${row.length - 1}, got ${outside}. Leave out labels without a score.`,
      )
    }
    if (right.length === 0 || right.length === row.length) {
      sum++
      continue
    }
    const all = Float64Array.from(row).sort()
    const ofRight = Float64Array.from(right, (label) => row[label]!).sort()
    let precision = 0
    for (const score of ofRight) precision += numAtLeast(ofRight, score) / numAtLeast(all, score)
    sum += precision / right.length
  }
  return sum / scores.length
}

/** Number of values, in ascending order, that are not below another. */
function numAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return sorted.length - low
}

type LabelSet = readonly Label[]

/** Contribution `labelSetF1`. */
export const labelSetF1Metric = metricPoint.of({
  name: 'labelSetF1',
  summary:
    'F1, precision and recall of sets of labels: of all decisions together, and F1 averaged over labels (0 to 1).',
  config: z.strictObject({}),
  create: () => ({
    values: [
      { name: 'microF1', summary: 'F1 of all decisions together', better: 'higher', percent: true },
      { name: 'macroF1', summary: 'F1, averaged over the labels', better: 'higher', percent: true },
      { name: 'precision', summary: 'share of the predicted labels that are right', better: 'higher', percent: true },
      { name: 'recall', summary: 'share of the true labels that are found', better: 'higher', percent: true },
    ],
    compute(predictions: readonly LabelSet[], references: readonly LabelSet[]) {
      const { micro, macro } = labelSetF1(predictions, references)
      return { microF1: micro.f1, macroF1: macro.f1, precision: micro.precision, recall: micro.recall }
    },
  }),
})

/** Contribution `subsetAccuracy`. */
export const subsetAccuracyMetric = metricPoint.of({
  name: 'subsetAccuracy',
  summary: 'Share of the predicted sets of labels that are exactly those of the reference (0 to 1).',
  config: z.strictObject({}),
  create: () => ({
    values: [
      {
        name: 'subsetAccuracy',
        summary: 'share of the examples whose labels are all right and complete',
        better: 'higher',
        percent: true,
      },
    ],
    compute: (predictions: readonly LabelSet[], references: readonly LabelSet[]) => ({
      subsetAccuracy: subsetAccuracy(predictions, references),
    }),
  }),
})
