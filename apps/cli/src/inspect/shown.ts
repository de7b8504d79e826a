/** What a view of a run's inside leaves besides what it printed. */
export interface Shown {
  /** The page's name in the run's folder. */
  readonly file: string
  readonly html: string
  /** The same as data, for --json. */
  readonly json: unknown
}
