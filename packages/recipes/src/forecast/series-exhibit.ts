/** A series with what was forecast from its last known step, and what then came. */
export interface SeriesExhibit {
  readonly kind: 'series'
  readonly title: string
  /** What the steps are called, such as their dates: those of `history`, then those of `actual`. */
  readonly steps: readonly string[]
  readonly history: readonly number[]
  readonly actual: readonly number[]
  readonly forecast: readonly number[]
  /** What a simpler method forecast. */
  readonly baseline?: readonly number[]
}
