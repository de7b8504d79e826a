import { show } from '@heddle/core'
import Papa from 'papaparse'
import { decodeText, type TextInput } from './decode-text.ts'
import type { Parsed } from './parsed.ts'
import { type Cells, type Columns, readTable, type TableOptions, type TableRow } from './table.ts'

export interface CsvOptions<C extends Columns> extends TableOptions<C> {
  /** One character. Default: a comma. */
  readonly delimiter?: string
}

/**
 * Reads comma-separated values. A quoted cell may hold delimiters, doubled quotes and line breaks, which become LF. Blank lines
 * are skipped.
 *
 * @param options.header default: true
 * @throws HeddleError `format`: `file:line: expected …, got …`; the line is the one on which the row starts
 * @see RFC 4180
 */
export function parseCsv<const C extends Columns = readonly string[]>(
  input: TextInput,
  options: CsvOptions<C> = {},
): Parsed<TableRow<C>> {
  const { header = true, delimiter = ',' } = options
  return readTable('parseCsv', csvRows(decodeText(input, options.file), delimiter), { ...options, header })
}

/** CRLF becomes LF, and CR too in a text without LF. */
function withLineFeeds(text: string): string {
  if (!text.includes('\r')) return text
  return text.includes('\n') ? text.replaceAll('\r\n', '\n') : text.replaceAll('\r', '\n')
}

/** Returns the cells of each row. */
export function csvRows(input: string, delimiter = ','): Cells[] {
  const text = withLineFeeds(input)
  const rows: Cells[] = []
  let start = 0
  let line = 1
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step({ data: cells, errors, meta: { cursor } }) {
      let lines = 0
      for (let i = text.indexOf('\n', start); i !== -1 && i < cursor; i = text.indexOf('\n', i + 1)) lines++
      const isBlank = cells.length === 1 && text.slice(start, cursor).trim() === ''
      const quotes = errors.find(({ type }) => type === 'Quotes')
      if (quotes !== undefined) rows.push({ line, cells, problem: quoteProblem(quotes.code, cells, lines) })
      else if (!isBlank) rows.push({ line, cells })
      line += lines
      start = cursor
    },
  })
  return rows
}

function quoteProblem(code: string, cells: readonly string[], lines: number): string {
  const expected = code === 'MissingQuotes' ? 'a closing quote' : 'a delimiter or a line end after a closing quote'
  const extent = lines > 1 ? ` that runs over ${lines} lines` : ''
  return `expected ${expected}, got the quoted cell ${show(cells.at(-1), 60)}${extent}.`
}

/** Returns the cells of the first row. */
export function csvHeader(text: string, delimiter = ','): string[] {
  return (
    Papa.parse<string[]>(withLineFeeds(text), { delimiter, newline: '\n', preview: 1, skipEmptyLines: 'greedy' })
      .data[0] ?? []
  )
}
