import { parseConfig } from '@heddle/core'
import type { Series } from '@heddle/data'
import * as z from 'zod'
import type { RunFiles } from '../recipe.ts'
import { type SeriesWindow, spacingOf, timeOf, usualPeriod } from './series.ts'

const FILE = 'series.json'

const schema = z.strictObject({
  mean: z.number(),
  deviation: z.number().positive(),
  /** Steps of a season. */
  period: z.int().min(1),
  /** Length of a season: in milliseconds where steps have dates, otherwise in steps. */
  season: z.number().positive(),
  dated: z.boolean(),
})

/** How a series becomes numbers of about 1, as the training part tells. */
export type Scale = z.output<typeof schema>

/** Value, value from the last known one, and two waves of the season. */
export const FEATURES = 6

/** A window as a model takes it. */
export interface ScaledWindow {
  /** [T · F] */
  readonly features: Float32Array
  /** Differences from the last known value. [N] */
  readonly target: Float32Array
}

/** The scale of the values up to `end`. */
export function scaleFiles(series: Series, end: number, period: number | undefined): RunFiles {
  const values = series.values.slice(0, end)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const steps = period ?? usualPeriod(series)
  const season = series.times === undefined ? steps : steps * spacingOf(series.times)
  // A series that never changes keeps its scale.
  const scale: Scale = {
    mean,
    deviation: Math.sqrt(variance) || 1,
    period: steps,
    season,
    dated: series.times !== undefined,
  }
  return { [FILE]: scale }
}

export const readScale = (files: RunFiles): Scale => parseConfig(`forecast: ${FILE}`, schema, files[FILE])

/**
 * The features of the `window` steps before a place, and the differences of the `horizon` steps from there on (as far as they are
 * known) to the last known value.
 */
export function scaledWindow(
  { series, at }: SeriesWindow,
  { mean, deviation, season }: Scale,
  { window, horizon }: { window: number; horizon: number },
): ScaledWindow {
  const { values } = series
  const last = values[at - 1]!
  const start = Math.max(0, at - window)
  const features = new Float32Array((at - start) * FEATURES)
  for (let step = start; step < at; step++) {
    const phase = (2 * Math.PI * timeOf(series, step)) / season
    const row = [
      (values[step]! - mean) / deviation,
      (values[step]! - last) / deviation,
      Math.sin(phase),
      Math.cos(phase),
      Math.sin(2 * phase),
      Math.cos(2 * phase),
    ]
    features.set(row, (step - start) * FEATURES)
  }
  const target = Float32Array.from(values.slice(at, at + horizon), (value) => (value - last) / deviation)
  return { features, target }
}
