import type { Exhibit } from './exhibit.ts'

/** A stretch of a series with its forecast and the values that then came. */
export interface SeriesExhibit extends Exhibit {
  readonly kind: 'series'
  /** Names of the steps, such as dates: those of `history`, then those of `actual`. */
  readonly steps: readonly string[]
  readonly history: readonly number[]
  readonly actual: readonly number[]
  readonly forecast: readonly number[]
  /** Forecast of a simpler method. */
  readonly baseline?: readonly number[]
}
