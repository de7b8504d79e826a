import type { Series } from '@heddle/data'

/** A place in a series: everything before `at` is known, what comes from there on is to be forecast. */
export interface SeriesWindow {
  readonly series: Series
  readonly at: number
}

/** The time of a step, which may lie beyond the end of the series: by its date, or its number where there are no dates. */
export function timeOf({ times, values }: Series, step: number): number {
  if (times === undefined) return step
  if (step < times.length) return times[step]!
  return times.at(-1)! + (step - values.length + 1) * spacingOf(times)
}

/** The mean time from one step to the next. */
export function spacingOf(times: readonly number[]): number {
  return times.length < 2 ? 1 : (times.at(-1)! - times[0]!) / (times.length - 1)
}

const DAY = 24 * 3600 * 1000
/** The usual season of steps of a length: hours of a day, days of a year, and so on. */
const PERIODS: readonly { readonly least: number; readonly most: number; readonly period: number }[] = [
  { least: DAY / 48, most: DAY / 12, period: 24 },
  { least: 0.9 * DAY, most: 1.1 * DAY, period: 365 },
  { least: 6.5 * DAY, most: 7.5 * DAY, period: 52 },
  { least: 27 * DAY, most: 32 * DAY, period: 12 },
  { least: 85 * DAY, most: 95 * DAY, period: 4 },
]

/** Steps of a season, from the spacing of the dates; 1 where there is none that one would know of. */
export function usualPeriod({ times }: Series): number {
  if (times === undefined) return 1
  const spacing = spacingOf(times)
  return PERIODS.find(({ least, most }) => spacing >= least && spacing <= most)?.period ?? 1
}

/**
 * Seasonal-naive forecast: what was there a season before, or as many seasons as it takes to be known. Before the first season is
 * over, the last value.
 *
 * @see Hyndman & Athanasopoulos 2021, "Forecasting: principles and practice", section 5.2
 */
export function seasonalNaive({ series, at }: SeriesWindow, horizon: number, period: number): number[] {
  return Array.from({ length: horizon }, (_, h) => {
    const seasons = Math.floor(h / period) + 1
    return series.values[at + h - seasons * period] ?? series.values[at - 1]!
  })
}
