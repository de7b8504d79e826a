import * as z from 'zod'
import { checkPairs, metricPoint } from './metric.ts'

/** Returns mean |prediction - reference|. */
export function meanAbsoluteError(predictions: ArrayLike<number>, references: ArrayLike<number>): number {
  checkPairs('meanAbsoluteError', predictions, references)
  let sum = 0
  for (let i = 0; i < references.length; i++) sum += Math.abs(predictions[i]! - references[i]!)
  return sum / references.length
}

/** Returns √ mean (prediction - reference)². */
export function rootMeanSquaredError(predictions: ArrayLike<number>, references: ArrayLike<number>): number {
  checkPairs('rootMeanSquaredError', predictions, references)
  let sum = 0
  for (let i = 0; i < references.length; i++) sum += (predictions[i]! - references[i]!) ** 2
  return Math.sqrt(sum / references.length)
}

/** Contribution `mae`. */
export const meanAbsoluteErrorMetric = metricPoint.of({
  name: 'mae',
  summary: 'Mean absolute error of numbers, in their unit.',
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'mae', summary: 'mean absolute error, in the unit of the values', better: 'lower' }],
    compute: (predictions: readonly number[], references: readonly number[]) => ({
      mae: meanAbsoluteError(predictions, references),
    }),
  }),
})

/** Contribution `rmse`. */
export const rootMeanSquaredErrorMetric = metricPoint.of({
  name: 'rmse',
  summary: 'Root mean squared error of numbers, in their unit.',
  config: z.strictObject({}),
  create: () => ({
    values: [{ name: 'rmse', summary: 'root of the mean squared error, in the unit of the values', better: 'lower' }],
    compute: (predictions: readonly number[], references: readonly number[]) => ({
      rmse: rootMeanSquaredError(predictions, references),
    }),
  }),
})
