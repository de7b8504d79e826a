import { decodeText, type TextInput } from './decode-text.ts'
import { type Parsed, splitLines } from './parsed.ts'
import { type Cells, type Columns, readTable, type TableOptions, type TableRow } from './table.ts'

/**
 * Reads tab-separated values: one row a line, cells between tabs. Blank lines are skipped.
 *
 * Quotes have no meaning. For files that quote, use `parseCsv` with `delimiter: '\t'`.
 *
 * @param options.header default: false
 * @throws HeddleError `format`: `file:line: expected …, got …`
 * @see https://www.iana.org/assignments/media-types/text/tab-separated-values
 */
export function parseTsv<const C extends Columns = readonly string[]>(
  input: TextInput,
  options: TableOptions<C>,
): Parsed<TableRow<C>> {
  const { header = false } = options
  return readTable('parseTsv', tsvRows(decodeText(input, options.file)), { ...options, header })
}

/** Returns the cells of each row. */
export function tsvRows(text: string): Cells[] {
  const rows: Cells[] = []
  for (const [index, line] of splitLines(text).entries()) {
    if (line !== '') rows.push({ line: index + 1, cells: line.split('\t') })
  }
  return rows
}
