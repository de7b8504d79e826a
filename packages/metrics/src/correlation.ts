import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/**
 * Pearson's correlation coefficient r: the covariance of two series over the product of their standard deviations, from -1 to 1; 0
 * where one of them is constant.
 */
export function pearson(predictions: ArrayLike<number>, references: ArrayLike<number>): number {
  checkPairs('pearson', predictions, references)
  const [meanP, meanR] = [mean(predictions), mean(references)]
  let [covariance, varianceP, varianceR] = [0, 0, 0]
  for (let i = 0; i < references.length; i++) {
    const [p, r] = [predictions[i]! - meanP, references[i]! - meanR]
    covariance += p * r
    varianceP += p * p
    varianceR += r * r
  }
  return varianceP === 0 || varianceR === 0 ? 0 : covariance / Math.sqrt(varianceP * varianceR)
}

/**
 * Spearman's rank correlation: Pearson's r of the ranks. Equal values share the mean of their ranks.
 *
 * @see Spearman 1904, "The proof and measurement of association between two things"
 */
export function spearman(predictions: ArrayLike<number>, references: ArrayLike<number>): number {
  checkPairs('spearman', predictions, references)
  return pearson(ranks(predictions), ranks(references))
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]!
  return sum / values.length
}

function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const result = new Float64Array(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    for (let k = start; k < end; k++) result[order[k]!] = (start + end - 1) / 2
    start = end
  }
  return result
}

/** Contribution `pearson`. */
export const pearsonMetric = metricPoint.of({
  name: 'pearson',
  summary: "Pearson's correlation of predicted numbers with the right ones (-1 to 1).",
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'pearson', summary: 'correlation of the predicted with the right numbers', better: 'higher' }],
    compute: (predictions: readonly number[], references: readonly number[]) => ({
      pearson: pearson(predictions, references),
    }),
  }),
})

/** Contribution `spearman`. */
export const spearmanMetric = metricPoint.of({
  name: 'spearman',
  summary: "Spearman's rank correlation of predicted numbers with the right ones (-1 to 1).",
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'spearman', summary: 'correlation of their ranks', better: 'higher' }],
    compute: (predictions: readonly number[], references: readonly number[]) => ({
      spearman: spearman(predictions, references),
    }),
  }),
})
