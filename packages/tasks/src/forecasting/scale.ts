import { parseConfig } from '@heddle/core'
import * as z from 'zod'
import type { Asset } from '../task/assets.ts'
import {
  type SeriesExample,
  type SeriesWindow,
  spacingOf,
  timeOf,
  usualPeriod,
  type WindowSizes,
} from './series-windows.ts'

const schema = z.strictObject({
  mean: z.number(),
  deviation: z.number().positive(),
  /** Number of steps of a season. */
  period: z.int().min(1),
  /** Length of a season: in milliseconds where steps have dates, otherwise in steps. */
  season: z.number().positive(),
  dated: z.boolean(),
})

/** Scale and season of a series, learned from its training part. */
export type Scale = z.output<typeof schema>

export const scaleAsset: Asset<Scale> = {
  file: 'series.json',
  toJSON: (scale) => scale,
  fromJSON: (json, where) => parseConfig(where, schema, json),
}

/** Features of a step: the value, its difference to the last known one, and two waves of the season. */
export const FEATURES = 6

/** A window as a model takes it. */
export interface ScaledWindow {
  /** [T · F] */
  readonly features: Float32Array
  /** Differences to the last known value. [N] */
  readonly target: Float32Array
}

/** The scale of the training part of the examples. */
export function learnScale(examples: readonly SeriesExample[], horizon: number, period: number | undefined): Scale {
  const values = examples.flatMap(({ values, range }) =>
    values.slice(0, range === undefined ? values.length : range.end - 1 + horizon),
  )
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const [first] = examples
  const steps = period ?? usualPeriod(first!)
  return {
    mean,
    deviation: isConstant(values) ? 1 : Math.sqrt(variance),
    period: steps,
    season: first!.times === undefined ? steps : steps * spacingOf(first!.times),
    dated: first!.times !== undefined,
  }
}

// The variance of equal values may be some rounding error instead of 0.
const isConstant = (values: readonly number[]) => values.every((value) => value === values[0])

/**
 * The features of the `window` steps before a place, and the differences of the `horizon` steps from there on (as far as they are
 * known) to the last known value.
 */
export function scaledWindow(
  { series, at }: SeriesWindow,
  { mean, deviation, season }: Scale,
  { window, horizon }: WindowSizes,
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
