import type { Series } from '@heddle/data'

/** A series, or the part of it whose steps are to be forecast; earlier steps are known then. */
export interface SeriesExample extends Series {
  /** First forecasts start at steps from `start` on, before `end` (default: the whole series). */
  readonly range?: { readonly start: number; readonly end: number }
}

/** A place in a series: everything before `at` is known, the steps from there on are to be forecast. */
export interface SeriesWindow {
  readonly series: Series
  readonly at: number
}

export interface WindowSizes {
  /** Number of known steps that a forecast is made from. */
  readonly window: number
  /** Number of steps to forecast. */
  readonly horizon: number
}

/** Every place of the examples with a window of known steps before it and a horizon of steps to forecast. */
export function windowsOf(examples: readonly SeriesExample[], { window, horizon }: WindowSizes): SeriesWindow[] {
  return examples.flatMap((series) => {
    const last = series.values.length - horizon
    const { start, end } = series.range ?? { start: window, end: last + 1 }
    const first = Math.max(start, window)
    return Array.from({ length: Math.max(0, Math.min(end, last + 1) - first) }, (_, i) => ({ series, at: first + i }))
  })
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
/** The usual season for a spacing of steps: hours of a day, days of a year, and so on. */
const PERIODS: readonly { readonly least: number; readonly most: number; readonly period: number }[] = [
  { least: DAY / 48, most: DAY / 12, period: 24 },
  { least: 0.9 * DAY, most: 1.1 * DAY, period: 365 },
  { least: 6.5 * DAY, most: 7.5 * DAY, period: 52 },
  { least: 27 * DAY, most: 32 * DAY, period: 12 },
  { least: 85 * DAY, most: 95 * DAY, period: 4 },
]

/** Number of steps of a season, from the spacing of the dates; 1 where no season is known. */
export function usualPeriod({ times }: Series): number {
  if (times === undefined) return 1
  const spacing = spacingOf(times)
  return PERIODS.find(({ least, most }) => spacing >= least && spacing <= most)?.period ?? 1
}

/**
 * Seasonal-naive forecast: the value one season before, or as many seasons before as are needed for it to be known. Before the
 * first season is over, the last value.
 *
 * @see Hyndman & Athanasopoulos 2021, "Forecasting: principles and practice", section 5.2
 */
export function seasonalNaive({ series, at }: SeriesWindow, horizon: number, period: number): number[] {
  return Array.from({ length: horizon }, (_, h) => {
    const seasons = Math.floor(h / period) + 1
    return series.values[at + h - seasons * period] ?? series.values[at - 1]!
  })
}

/**
 * Seasonal-naive forecast with drift: it grows by the mean change from season to season in all known steps, so that it follows a
 * trend. Where less than a season and a step are known, it is the seasonal-naive one.
 *
 * @see Hyndman & Athanasopoulos 2021, "Forecasting: principles and practice", section 5.2, for both methods
 */
export function seasonalDrift(window: SeriesWindow, horizon: number, period: number): number[] {
  const { series, at } = window
  const naive = seasonalNaive(window, horizon, period)
  const changes = at - period
  if (changes < 1) return naive
  // The changes from season to season telescope: what remains is the last values without the first ones.
  const sum = (start: number, end: number) => series.values.slice(start, end).reduce((total, each) => total + each, 0)
  const overlap = Math.min(changes, period)
  const growth = (sum(at - overlap, at) - sum(0, overlap)) / changes
  return naive.map((value, h) => value + growth * (Math.floor(h / period) + 1))
}
