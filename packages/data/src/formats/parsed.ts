import { HeddleError } from '@heddle/core'

/** A malformed line (of a file of records: the first line of the record) that was left out. */
export interface MalformedLine {
  /** Counted from 1. */
  readonly line: number
  readonly message: string
}

/** The rows that a parser read, and the lines that it left out on demand. */
export interface Parsed<T> {
  readonly rows: T[]
  /** Empty unless `malformed` is `'skip'`. */
  readonly skipped: readonly MalformedLine[]
}

export interface ParseOptions {
  /** The file's name, for messages. */
  readonly file?: string
  /** `'error'` (default) stops at the first malformed line; `'skip'` leaves it out and reports it in `skipped`. */
  readonly malformed?: 'error' | 'skip'
}

/** Collects rows, and stops at or records malformed lines as the options say. */
export class RowCollector<T> implements Parsed<T> {
  readonly rows: T[] = []
  readonly skipped: MalformedLine[] = []
  readonly #file: string
  readonly #skip: boolean

  constructor({ file = 'text', malformed = 'error' }: ParseOptions) {
    this.#file = file
    this.#skip = malformed === 'skip'
  }

  add(row: T): void {
    this.rows.push(row)
  }

  /** @param problem `expected …, got ….` */
  malformed(line: number, problem: string): void {
    const message = `${this.#file}:${line}: ${problem}`
    if (!this.#skip) throw new HeddleError('format', `${message} Correct the line, or set malformed to 'skip'.`)
    this.skipped.push({ line, message })
  }

  result(): Parsed<T> {
    return { rows: this.rows, skipped: this.skipped }
  }
}

/**
 * Returns the lines of a text. They end in LF or CRLF, or in CR where the text has no LF. The end of the last line does not start
 * another one.
 */
export function splitLines(text: string): string[] {
  if (text === '') return []
  if (!text.includes('\r')) return withoutLast(text.split('\n'))
  if (!text.includes('\n')) return withoutLast(text.split('\r'))
  return withoutLast(text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)))
}

function withoutLast(lines: string[]): string[] {
  if (lines.at(-1) === '') lines.pop()
  return lines
}
