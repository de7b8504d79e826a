import { HeddleError } from '@heddle/core'
import type { Dataset, SplitSettings } from '../run/dataset.ts'
import { type SeriesExample, type WindowSizes, windowsOf } from './series-windows.ts'

/**
 * Splits each series by time: validation comes after training, the test part after both, and no step to forecast is in two of
 * them.
 *
 * @throws HeddleError `data` for a series too short for three parts
 */
export function splitByTime(
  examples: readonly SeriesExample[],
  { validation, test }: SplitSettings,
  sizes: WindowSizes,
): Dataset<SeriesExample> {
  const { window, horizon } = sizes
  // Forecasts of a part end where the next part begins.
  const gapBefore = (part: number) => (part === 0 ? 0 : horizon - 1)
  const parts = examples.map((series) => {
    const count = series.values.length - window - horizon + 1
    if (count < 1) {
      throw new HeddleError(
        'data',
        `forecasting: expected at least ${window + horizon} steps, got ${series.values.length}. Lower window or horizon, or use a longer series.`,
      )
    }
    const share = (wanted: number) => (wanted < 1 ? wanted : wanted / count)
    const testStart = Math.floor(count * (1 - share(test)))
    const validationStart = Math.floor(count * (1 - share(test) - share(validation)))
    const between = (start: number, end: number): SeriesExample => ({
      ...series,
      range: { start: window + start, end: window + Math.max(start, end) },
    })
    return {
      train: between(0, validationStart - gapBefore(validation + test)),
      validation: between(validationStart, testStart - gapBefore(test)),
      test: between(testStart, count),
    }
  })
  const dataset = {
    train: parts.map(({ train }) => train),
    validation: validation === 0 ? [] : parts.map((part) => part.validation),
    test: test === 0 ? [] : parts.map((part) => part.test),
  }
  const asked = [
    dataset.train,
    ...(validation === 0 ? [] : [dataset.validation]),
    ...(test === 0 ? [] : [dataset.test]),
  ]
  const empty = asked.some((part) => windowsOf(part, sizes).length === 0)
  if (empty) {
    throw new HeddleError(
      'data',
      `forecasting: expected a series with windows for every part, got ${windowsOf(examples, sizes).length} windows in all. Lower window or horizon, or use a longer series.`,
    )
  }
  return dataset
}
