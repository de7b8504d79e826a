import { HeddleError, show, suggest } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { delimiterOf } from '../formats/delimiter.ts'
import { parseCsv } from '../formats/parse-csv.ts'
import { parseDate } from '../formats/parse-date.ts'
import { dataFiles, onlyFile } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import type { ReadExamples } from './read-examples.ts'

/** Numbers at steps of time. */
export interface Series {
  readonly values: readonly number[]
  /** Names of the steps, such as their dates. */
  readonly steps: readonly string[]
  /** Milliseconds since 1970 of each step, where the steps have dates. */
  readonly times?: readonly number[]
}

export interface SeriesOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** The column of values. Default: the first column of numbers. */
  readonly column?: string | undefined
  /** The column of dates. Default: the first column of dates, if there is one. */
  readonly dateColumn?: string | undefined
}

/**
 * Reads a column of a CSV file as a series.
 *
 * @throws HeddleError `data` when a column is missing, a value is not a number, or the dates do not ascend
 */
export async function readSeries(
  source: DataSource,
  { where, column, dateColumn }: SeriesOptions,
): Promise<ReadExamples<Series>> {
  const file = onlyFile({ name: source.name, files: dataFiles(source).files }, where)
  const text = decodeText(await file.bytes(), file.name)
  const { rows } = parseCsv(text, { file: file.name, delimiter: delimiterOf(file.name, text) })
  const names = Object.keys(rows[0] ?? {})
  const cellsOf = (name: string) => rows.map((row) => row[name]!)
  const chosen = (asked: string | undefined, fits: (name: string) => boolean): string | undefined => {
    if (asked === undefined) return names.find(fits)
    if (names.includes(asked)) return asked
    throw new HeddleError(
      'data',
      `${where}: expected a column '${asked}' in ${file.name}, got none. ${suggest(asked, names)}`,
    )
  }
  const dates = chosen(dateColumn, (name) => cellsOf(name).every((cell) => parseDate(cell) !== undefined))
  const values = chosen(column, (name) => name !== dates && cellsOf(name).every(isNumber))
  if (values === undefined) {
    throw new HeddleError(
      'data',
      `${where}: expected a column of numbers in ${file.name}, got ${show(names)}. Name one with the setting column.`,
    )
  }
  const numbers = cellsOf(values).map((cell, i) => {
    if (isNumber(cell)) return Number(cell)
    throw new HeddleError(
      'data',
      `${where}: expected numbers in column '${values}' of ${file.name}, got ${show(cell)} in row ${i + 1}. Fill it, or choose another column.`,
    )
  })
  if (dates === undefined) {
    return { examples: [{ values: numbers, steps: numbers.map((_, i) => String(i + 1)) }], notes: [] }
  }
  const steps = cellsOf(dates)
  const times = ascending(steps, `${where}: expected ascending dates in column '${dates}' of ${file.name}`)
  return { examples: [{ values: numbers, steps, times }], notes: [] }
}

const isNumber = (cell: string) => cell.trim() !== '' && Number.isFinite(Number(cell))

function ascending(steps: readonly string[], expected: string): number[] {
  const times: number[] = []
  for (const [i, step] of steps.entries()) {
    const time = parseDate(step)
    if (time === undefined || (i > 0 && time <= times[i - 1]!)) {
      const after = time !== undefined ? ` after ${show(steps[i - 1])}` : ''
      throw new HeddleError('data', `${expected}, got ${show(step)}${after}. Sort the rows, and keep a single series.`)
    }
    times.push(time)
  }
  return times
}
