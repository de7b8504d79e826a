/** The part of an official split that an example belongs to. */
export type SplitPart = 'train' | 'validation' | 'test'

/** An example that may belong to a part of an official split. */
export interface SplitExample {
  /** Present where the files bring a split of their own. */
  readonly split?: SplitPart
  /** Author, document or the like: examples of one group stay in one part. */
  readonly group?: string
}

/** The examples of a source. */
export interface ReadExamples<E> {
  readonly examples: readonly E[]
  /** Lines for the user, such as the number of rows that were left out. */
  readonly notes: readonly string[]
  /** Number of rows, or examples, that were left out as malformed or empty (default 0). */
  readonly left?: number
  /** Settings that the content of the first file told, with which further files of the same data are read. */
  readonly found?: Readonly<Record<string, unknown>>
}

/** Options of all readers of rows. */
export interface RowsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** `'error'` (default) stops at the first malformed row; `'skip'` leaves such rows out and counts them in the notes. */
  readonly malformed?: 'error' | 'skip'
}
