import { HeddleError, show, suggest } from '@heddle/core'
import { parseCsv } from '@heddle/data'
import { type DataSource, onlyFile } from '../data-source.ts'
import type { Series } from './series.ts'

export interface SeriesColumns {
  /** The column to forecast; by default the first one of numbers. */
  readonly column?: string | undefined
  /** The column of dates; by default the first one of dates, if there is one. */
  readonly dateColumn?: string | undefined
}

/**
 * A column of a CSV file as a series.
 *
 * @throws HeddleError `data` when a column is missing or holds something else, or the dates do not ascend
 */
export async function readSeries(source: DataSource, { column, dateColumn }: SeriesColumns): Promise<Series> {
  const file = onlyFile(source, 'forecast')
  const { rows } = parseCsv(await file.bytes(), { file: file.name })
  const names = Object.keys(rows[0] ?? {})
  const cellsOf = (name: string) => rows.map((row) => row[name]!)
  const dates = chosen(file.name, names, dateColumn, (name) => cellsOf(name).every(isDate))
  const values = chosen(file.name, names, column, (name) => name !== dates && cellsOf(name).every(isNumber))
  if (values === undefined) {
    throw new HeddleError(
      'data',
      `forecast: expected a column of numbers in ${file.name}, got ${show(names)}. Name one with --set column=…`,
    )
  }
  const numbers = cellsOf(values).map((cell, i) => {
    if (isNumber(cell)) return Number(cell)
    throw new HeddleError(
      'data',
      `forecast: expected numbers in column '${values}' of ${file.name}, got ${show(cell)} in row ${i + 1}. Fill it, or choose another column.`,
    )
  })
  if (dates === undefined) return { values: numbers, steps: numbers.map((_, i) => String(i + 1)) }
  const steps = cellsOf(dates)
  return { values: numbers, steps, times: ascending(steps, dates, file.name) }
}

function chosen(
  file: string,
  names: readonly string[],
  asked: string | undefined,
  fits: (name: string) => boolean,
): string | undefined {
  if (asked === undefined) return names.find(fits)
  if (names.includes(asked)) return asked
  throw new HeddleError('data', `forecast: expected a column '${asked}' in ${file}, got none. ${suggest(asked, names)}`)
}

const isNumber = (cell: string) => cell.trim() !== '' && Number.isFinite(Number(cell))
/** Whether a cell is a date; a year alone is a number. */
export const isDate = (cell: string) => /^\d{4}[-/]\d/.test(cell.trim()) && !Number.isNaN(timeOfDate(cell))

/** Milliseconds since 1970; a date without a zone is taken as UTC, so that it is the same everywhere. */
export function timeOfDate(cell: string): number {
  const text = cell.trim().replaceAll('/', '-')
  return Date.parse(/T|:/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text.replace(' ', 'T')}Z` : text)
}

function ascending(steps: readonly string[], column: string, file: string): number[] {
  const times = steps.map(timeOfDate)
  const wrong = times.findIndex((time, i) => !(time > (times[i - 1] ?? Number.NEGATIVE_INFINITY)))
  if (wrong === -1) return times
  throw new HeddleError(
    'data',
    `forecast: expected ascending dates in column '${column}' of ${file}, got ${show(steps[wrong])}${wrong > 0 ? ` after ${show(steps[wrong - 1])}` : ''}. Sort the rows, and keep a single series.`,
  )
}
