import { HeddleError } from '@heddle/core'

/** A row to write: values by column. Lists and records are cells of JSON lines as they are. */
export type Row = Readonly<Record<string, unknown>>

/** A format of rows: JSON lines, or a table. */
export interface RowFormat {
  /** The line before the rows, if the format has one. */
  header?(columns: readonly string[]): string
  line(row: Row, columns: readonly string[]): string
  /** The row as the format can hold it, before columns are named: a table has a column for each value of a record. */
  flat(row: Row): Row
}

const JSON_LINES: RowFormat = {
  line: (row) => `${JSON.stringify(row)}\n`,
  flat: (row) => row,
}

/**
 * Cells between delimiters, in quotes where a cell holds the delimiter, a quote or a line end (RFC 4180), as pandas and
 * spreadsheets read them.
 */
const table = (delimiter: string): RowFormat => {
  const line = (cells: readonly string[]) => `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`
  return {
    header: (columns) => line(columns),
    line: (row, columns) => line(columns.map((column) => cellOf(row[column]))),
    flat: (row) =>
      Object.fromEntries(
        Object.entries(row).flatMap(([name, value]) =>
          isRecord(value)
            ? Object.entries(value).map(([key, each]) => [`${name}.${key}`, each] as const)
            : [[name, value] as const],
        ),
      ),
  }
}

const FORMATS: Readonly<Record<string, RowFormat>> = {
  jsonl: JSON_LINES,
  ndjson: JSON_LINES,
  csv: table(','),
  tsv: table('\t'),
  txt: table('\t'),
}

/**
 * The format of a file's extension: JSON lines (`.jsonl`, `.ndjson`), `.csv`, or tab-separated (`.tsv`, `.txt`).
 *
 * @param option names the file, for messages
 * @throws HeddleError `usage` for another extension
 */
export function rowFormat(file: string, option: string): RowFormat {
  const [, extension = ''] = /\.(\w+)$/.exec(file.toLowerCase()) ?? []
  const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined
  if (format !== undefined) return format
  throw new HeddleError(
    'usage',
    `${option}: expected a file ${Object.keys(FORMATS)
      .map((each) => `.${each}`)
      .join(', ')}, got ${file}. Choose one of these extensions.`,
  )
}

const SEPARATOR = Symbol('separator')

/**
 * A list whose members have a separator of their own between them in the cell of a table, such as the labels of a text:
 * `sport,politics`. A member with the separator in it makes the cell a JSON list: `["sport","politics, local"]`. JSON lines have the
 * list as it is. Readers of labels take both back, with that separator.
 */
export const separatedBy = <T>(separator: string, list: readonly T[]): readonly T[] =>
  Object.defineProperty([...list], SEPARATOR, { value: separator })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as a cell: a list with spaces between its members, or as JSON where those hold spaces. */
function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) {
    const separator = (value as { readonly [SEPARATOR]?: string })[SEPARATOR]
    if (separator !== undefined) return separatedCell(value.map(String), separator)
    const members = value.map((each) => (typeof each === 'object' ? JSON.stringify(each) : String(each)))
    return members.some((each) => each === '' || /\s/u.test(each)) ? JSON.stringify(value) : members.join(' ')
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Members that would not be read back as they are make the cell a JSON list. */
function separatedCell(members: readonly string[], separator: string): string {
  const isPlain = members.every((each) => each !== '' && each === each.trim() && !each.includes(separator))
  return isPlain && members[0]?.startsWith('[') !== true ? members.join(separator) : JSON.stringify(members)
}

function quoted(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
