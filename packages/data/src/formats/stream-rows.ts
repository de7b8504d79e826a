import { HeddleError, show, suggest } from '@heddle/core'
import { type Delimiter, delimiterOf, SAMPLE_LINES } from './delimiter.ts'
import { csvRows } from './parse-csv.ts'

/** A row of a file, with the cell that a model reads. */
export interface StreamedRow {
  /** Counted from 1; of a record of several lines the first. */
  readonly line: number
  /** Every cell by the name of its column, in their order. */
  readonly cells: Readonly<Record<string, unknown>>
  /** The text to read; empty where the row has none. */
  readonly input: string
}

export interface StreamRowsOptions {
  /** The file's name, for messages; its extension tells the format. */
  readonly file: string
  /** The column to read, by name or by number from 1 (default: by its usual names, or the only one). */
  readonly column?: string | number | undefined
  /** Usual names of that column. */
  readonly names: readonly string[]
  /** The column that a table of the same kind had. It is read where nothing else tells the column, and the table is wide enough. */
  readonly likely?: LikelyColumn | undefined
}

/** The place of a column in a table of the same kind. */
export interface LikelyColumn {
  /** Counted from 1. */
  readonly column: number
  /** Whether the first row names the columns; then the place says more than usual names do. */
  readonly header: boolean
  /** The number of columns that such a table has at least. */
  readonly width: number
}

type Reader = (lines: AsyncIterable<string>, options: StreamRowsOptions) => AsyncGenerator<StreamedRow>

/** A quoted cell of a CSV file that is longer has lost its closing quote. */
const LONGEST_RECORD = 2 ** 24

/**
 * Reads the rows of a file one by one, without holding them: `.jsonl` or `.ndjson`, `.csv`, `.tsv`, or else an input in each line. A
 * file of another extension is a table where its first line has tabs and the column can be told. The first lines of a table tell its
 * delimiter where the extension misleads.
 *
 * @param lines the lines of the file, without their ends
 * @throws HeddleError `data` when the column cannot be told, `format` for a malformed row; the message names the line
 */
export async function* streamRows(
  lines: AsyncIterable<string>,
  options: StreamRowsOptions,
): AsyncGenerator<StreamedRow> {
  const [, extension = ''] = /\.(\w+)$/.exec(options.file.toLowerCase()) ?? []
  const reader = READERS[extension] ?? linesOrTable
  yield* reader(lines, options)
}

const READERS: Readonly<Record<string, Reader>> = {
  jsonl: jsonRows,
  ndjson: jsonRows,
  csv: delimitedRows,
  tsv: delimitedRows,
}

/** Rows of a table whose delimiter its first lines tell. */
async function* delimitedRows(lines: AsyncIterable<string>, options: StreamRowsOptions): AsyncGenerator<StreamedRow> {
  const { first, all } = await peek(lines, SAMPLE_LINES)
  const delimiter = delimiterOf(options.file, first.join('\n'))
  yield* tableRows(delimiter === '\t' ? tsvRecords(all) : csvRecords(all, options.file, delimiter), options)
}

/** The first lines, and all lines with them. */
async function peek(
  lines: AsyncIterable<string>,
  count: number,
): Promise<{ first: readonly string[]; all: AsyncIterable<string> }> {
  const rest = lines[Symbol.asyncIterator]()
  const first: string[] = []
  let next: IteratorResult<string> | undefined
  while (first.length < count) {
    next = await rest.next()
    if (next.done === true) break
    first.push(next.value)
  }
  const all = (async function* () {
    yield* first
    if (next?.done === true) return
    for (let more = await rest.next(); more.done !== true; more = await rest.next()) yield more.value
  })()
  return { first, all }
}

async function* jsonRows(
  lines: AsyncIterable<string>,
  { file, column, names }: StreamRowsOptions,
): AsyncGenerator<StreamedRow> {
  let line = 0
  let key: string | undefined
  for await (const text of lines) {
    line++
    if (text.trim() === '') continue
    const cells = jsonObject(text, `${file}:${line}`)
    key ??= Object.keys(cells)[columnOf(Object.keys(cells), { file, column, names }).at]!
    const value = cells[key]
    if (typeof value === 'object' && value !== null) {
      throw new HeddleError(
        'format',
        `${file}:${line}: expected a text in field ${show(key)}, got ${show(value)}. Correct the line, or name another field.`,
      )
    }
    yield { line, cells, input: value === undefined || value === null ? '' : String(value) }
  }
}

function jsonObject(text: string, where: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new HeddleError('format', `${where}: expected a JSON object, got ${show(text)}. Correct the line.`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new HeddleError('format', `${where}: expected a JSON object, got ${show(value)}. Correct the line.`)
}

interface TableRecord {
  readonly line: number
  readonly cells: readonly string[]
}

async function* tableRows(
  records: AsyncIterable<TableRecord>,
  options: StreamRowsOptions,
): AsyncGenerator<StreamedRow> {
  let columns: readonly string[] | undefined
  let at = 0
  for await (const { line, cells } of records) {
    if (columns === undefined) {
      const found = columnOf(
        cells.map((cell) => cell.trim()),
        options,
      )
      at = found.at
      columns = found.isHeader ? distinct(cells.map((cell) => cell.trim())) : cells.map((_, i) => `column${i + 1}`)
      if (found.isHeader) continue
    }
    if (cells.length !== columns.length) {
      throw new HeddleError(
        'format',
        `${options.file}:${line}: expected ${columns.length} columns, got ${cells.length}: ${show(cells.slice(0, 80).join(' | '))}. Correct the line.`,
      )
    }
    yield { line, cells: Object.fromEntries(columns.map((name, i) => [name, cells[i]])), input: cells[at]! }
  }
}

async function* tsvRecords(lines: AsyncIterable<string>): AsyncGenerator<TableRecord> {
  let line = 0
  for await (const text of lines) {
    line++
    if (text !== '') yield { line, cells: text.split('\t') }
  }
}

/** Joins the lines of a record whose quoted cells hold line ends: its number of quotes is even. */
async function* csvRecords(
  lines: AsyncIterable<string>,
  file: string,
  delimiter: Delimiter,
): AsyncGenerator<TableRecord> {
  let line = 0
  let first = 0
  let open = ''
  for await (const text of lines) {
    line++
    if (open === '') first = line
    open = open === '' ? text : `${open}\n${text}`
    if (isOpen(open) && open.length < LONGEST_RECORD) continue
    yield* csvRecord(open, { line: first, file, delimiter })
    open = ''
  }
  if (open !== '') yield* csvRecord(open, { line: first, file, delimiter })
}

const isOpen = (record: string) => (record.split('"').length - 1) % 2 === 1

function* csvRecord(
  text: string,
  { line, file, delimiter }: { line: number; file: string; delimiter: Delimiter },
): Generator<TableRecord> {
  for (const { cells, problem } of csvRows(text, delimiter)) {
    if (problem !== undefined) throw new HeddleError('format', `${file}:${line}: ${problem} Correct the line.`)
    yield { line, cells }
  }
}

/** Lines are inputs, unless the first one has tabs and the column can be told, or the column is given. */
async function* linesOrTable(lines: AsyncIterable<string>, options: StreamRowsOptions): AsyncGenerator<StreamedRow> {
  const {
    first: [first],
    all,
  } = await peek(lines, 1)
  if (first === undefined) return
  const cells = first.split('\t').map((cell) => cell.trim())
  const isTable =
    cells.length > 1 && (knownColumn(cells, options.names) !== undefined || likelyColumn(cells, options) !== undefined)
  if (options.column !== undefined || isTable) {
    yield* tableRows(tsvRecords(all), options)
    return
  }
  let line = 0
  for await (const input of all) yield { line: ++line, cells: { input }, input }
}

/** The place of the column, and whether the row that was looked at names the columns. */
function columnOf(
  cells: readonly string[],
  { file, column, names, likely }: StreamRowsOptions,
): { at: number; isHeader: boolean } {
  const known = knownColumn(cells, names)
  if (column === undefined) {
    const own = likelyColumn(cells, { likely })
    if (known !== undefined && own?.isHeader !== true) return { at: known, isHeader: true }
    if (cells.length === 1) return { at: 0, isHeader: false }
    if (own !== undefined) return own
    throw new HeddleError(
      'data',
      `${file}: expected a column ${names
        .slice(0, 3)
        .map((name) => show(name))
        .join(
          ', ',
        )} or the like, got ${cells.length} columns that start with ${show(cells.slice(0, 80).join(' | '), 120)}. Name the one to read, or give its number from 1.`,
    )
  }
  const byName = cells.findIndex((cell) => cell.toLowerCase() === String(column).toLowerCase())
  if (byName !== -1) return { at: byName, isHeader: true }
  const number = Number(column)
  if (Number.isInteger(number) && number >= 1 && number <= cells.length) {
    return { at: number - 1, isHeader: known !== undefined }
  }
  throw new HeddleError(
    'data',
    `${file}: expected a column ${show(column)}, got none. ${suggest(String(column), [...cells])}`,
  )
}

function likelyColumn(cells: readonly string[], { likely }: Pick<StreamRowsOptions, 'likely'>) {
  if (likely === undefined || cells.length < Math.max(2, likely.width)) return undefined
  return { at: likely.column - 1, isHeader: likely.header }
}

function knownColumn(cells: readonly string[], names: readonly string[]): number | undefined {
  const lower = cells.map((cell) => cell.toLowerCase())
  const name = names.find((each) => lower.includes(each.toLowerCase()))
  return name === undefined ? undefined : lower.indexOf(name.toLowerCase())
}

/** Names of columns, each once: a second `text` becomes `text_2`. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let n = 2; taken.has(own); n++) own = `${name}_${n}`
    taken.add(own)
    return own
  })
}
