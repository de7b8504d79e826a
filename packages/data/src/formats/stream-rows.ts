import { show } from '@heddle/core'
import { delimiterOf, SAMPLE_LINES } from './delimiter.ts'
import { withoutLabels } from './parse-fasttext.ts'
import { arrayOf } from './parse-jsonl.ts'
import { peek } from './peek.ts'
import { isQuotedTsv } from './quoted-tsv.ts'
import { arrayRecords, csvRecords, parsedJson, type TableRecord, tsvRecords } from './table-records.ts'
import { canTellColumns, columnPlaces, type WantedColumns } from './wanted-columns.ts'

/** A row of a file, with the texts that a model reads. */
export interface StreamedRow {
  /** Counted from 1; of a record of several lines the first. */
  readonly line: number
  /** The last line of a record of several. */
  readonly lastLine?: number
  /** Every cell by the name of its column, in their order. */
  readonly cells: Readonly<Record<string, unknown>>
  /** The texts to read, one for each column; empty where the row has none. */
  readonly inputs: readonly string[]
  /** The reason why the row cannot be read, if so; its cells are then those that could be told. */
  readonly problem?: string
}

type Reader = (lines: AsyncIterable<string>, wanted: WantedColumns) => AsyncGenerator<StreamedRow>

/**
 * Reads the rows of a file one by one, without holding them: `.jsonl` or `.ndjson`, `.csv`, `.tsv`, or else an input in each line. A
 * file of another extension is a table where its first line has tabs and the columns can be told. The first lines of a table tell its
 * delimiter where the extension misleads. Where an input has two texts, a line may hold them with `|||` between.
 *
 * A row that cannot be read has a `problem`, and the next ones follow.
 *
 * @param lines the lines of the file, without their ends
 * @throws HeddleError `data` when the columns cannot be told
 */
export async function* streamRows(lines: AsyncIterable<string>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  const [, extension = ''] = /\.(\w+)$/.exec(wanted.file.toLowerCase()) ?? []
  const reader = READERS[extension] ?? linesOrTable
  yield* reader(lines, wanted)
}

const READERS: Readonly<Record<string, Reader>> = {
  json: jsonRows,
  jsonl: jsonRows,
  ndjson: jsonRows,
  csv: delimitedRows,
  tsv: delimitedRows,
}

/** Rows of a table whose delimiter its first lines tell. */
async function* delimitedRows(lines: AsyncIterable<string>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  const { first, all } = await peek(lines, SAMPLE_LINES)
  const delimiter = delimiterOf(wanted.file, first.join('\n'))
  yield* tableRows(delimiter === '\t' ? await tabRecords(all) : csvRecords(all, delimiter), wanted)
}

/** Lines that tell whether the cells of a tab-separated file are quoted. */
const QUOTED_LINES = 10_000

async function tabRecords(lines: AsyncIterable<string>): Promise<AsyncIterable<TableRecord>> {
  const { first, all } = await peek(lines, QUOTED_LINES)
  const isQuoted = isQuotedTsv(first.join('\n'), first.length === QUOTED_LINES)
  return isQuoted ? csvRecords(all, '\t') : tsvRecords(all)
}

async function* jsonRows(lines: AsyncIterable<string>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  const { first, all } = await peek(lines, SAMPLE_LINES)
  const start = first.find((text) => text.trim() !== '')
  if (start?.trimStart().startsWith('[') && parsedJson(start).problem !== undefined) {
    yield* memberRows(all, wanted)
    return
  }
  const filled = first.find((text) => text.trim() !== '' && parsedJson(text).problem === undefined)
  if (filled?.trimStart().startsWith('[') === true) {
    yield* tableRows(arrayRecords(all), wanted)
    return
  }
  yield* objectRows(
    (async function* () {
      for await (const text of all) yield text.trim() === '' ? {} : parsedJson(text)
    })(),
    wanted,
  )
}

/** The members of an array that goes over several lines, numbered from 1. */
async function* memberRows(lines: AsyncIterable<string>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  const all: string[] = []
  for await (const line of lines) all.push(line)
  const members = arrayOf(all.join('\n')) ?? []
  if (members.length === 0) {
    const problem = `expected lines of JSON objects, or one array of them, got ${show(all.join('\n'))}.`
    yield unread(1, {}, wanted, problem)
  }
  yield* objectRows(
    (async function* () {
      for (const value of members) yield { value }
    })(),
    wanted,
  )
}

interface JsonItem {
  readonly value?: unknown
  readonly problem?: string
}

async function* objectRows(items: AsyncIterable<JsonItem>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  let line = 0
  let keys: readonly string[] | undefined
  for await (const { value, problem } of items) {
    line++
    // A blank line.
    if (value === undefined && problem === undefined) continue
    if (problem !== undefined || typeof value !== 'object' || value === null || Array.isArray(value)) {
      yield unread(line, {}, wanted, problem ?? `expected a JSON object, got ${show(value)}.`)
      continue
    }
    const cells = value as Record<string, unknown>
    const names = Object.keys(cells)
    keys ??= columnPlaces(names, wanted).at.map((at) => names[at]!)
    const wrong = keys.find((key) => typeof cells[key] === 'object' && cells[key] !== null)
    if (wrong === undefined) yield { line, cells, inputs: keys.map((key) => `${cells[key] ?? ''}`) }
    else yield unread(line, cells, wanted, `expected a text in field ${show(wrong)}, got ${show(cells[wrong])}.`)
  }
}

const unread = (
  line: number,
  cells: Readonly<Record<string, unknown>>,
  { names }: Pick<WantedColumns, 'names'>,
  problem: string,
): StreamedRow => ({ line, cells, inputs: names[0]!.map(() => ''), problem })

async function* tableRows(records: AsyncIterable<TableRecord>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  let columns: readonly string[] | undefined
  let at: readonly number[] = []
  const waiting: TableRecord[] = []
  const named = (cells: readonly string[]) =>
    Object.fromEntries(columns!.slice(0, cells.length).map((name, i) => [name, cells[i]]))
  const row = ({ line, lastLine, cells, problem }: TableRecord): StreamedRow => {
    const width = columns!.length
    const isWhole = cells.length === width || (wanted.likely?.isRagged === true && cells.length > width)
    const own =
      problem ??
      (isWhole
        ? undefined
        : `expected ${width} ${width === 1 ? 'column' : 'columns'}, got ${cells.length}: ${show(cells.slice(0, 80).join(' | '))}.`)
    if (own !== undefined) return unread(line, named(cells), wanted, own)
    const inputs = at.map((place) => cells[place]!)
    return { line, ...(lastLine > line && { lastLine }), cells: named(cells), inputs }
  }
  for await (const record of records) {
    if (columns === undefined) {
      // A malformed row before the first one does not tell the columns.
      if (record.problem !== undefined) {
        waiting.push(record)
        continue
      }
      const cells = record.cells.map((cell) => cell.trim())
      const found = columnPlaces(cells, wanted)
      at = found.at
      columns = found.isHeader ? distinctNames(cells) : cells.map((_, i) => `column${i + 1}`)
      for (const before of waiting) yield row(before)
      if (found.isHeader) continue
    }
    yield row(record)
  }
  if (columns !== undefined) return
  for (const { line, problem } of waiting) yield unread(line, {}, wanted, problem!)
}

/** Lines are inputs, unless the first one has tabs and the columns can be told, or the columns are given. */
async function* linesOrTable(lines: AsyncIterable<string>, wanted: WantedColumns): AsyncGenerator<StreamedRow> {
  const {
    first: [first],
    all,
  } = await peek(lines, 1)
  if (first === undefined) return
  const number = wanted.names[0]!.length
  const cells = first.split('\t').map((cell) => cell.trim())
  const isGiven = wanted.columns !== undefined && wanted.columns.length > 0
  const isTable = cells.length > 1 && (cells.length === number || canTellColumns(cells, wanted))
  if (isGiven || isTable) {
    yield* tableRows(await tabRecords(all), wanted)
    return
  }
  let line = 0
  for await (const input of all) {
    line++
    if (number === 1) {
      const { labels, text } = withoutLabels(input)
      const cells = labels.length === 0 ? { input } : { labels: labels.join(' '), input: text }
      yield { line, cells, inputs: [text] }
      continue
    }
    const inputs = splitTexts(input)
    const isWhole = inputs.length === number || input.trim() === ''
    if (isWhole) yield { line, cells: { input }, inputs: input.trim() === '' ? wanted.names[0]!.map(() => '') : inputs }
    else
      yield unread(
        line,
        { input },
        wanted,
        `expected ${number} texts with a tab or '|||' between them, got ${show(input)}.`,
      )
  }
}

/** The texts of a line, between tabs or else `|||`. */
export const splitTexts = (line: string): string[] =>
  (line.includes('\t') ? line.split('\t') : line.split('|||')).map((text) => text.trim())

/** Names of columns, each once: a second `text` becomes `text_2`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let own = name
    for (let n = 2; taken.has(own); n++) own = `${name}_${n}`
    taken.add(own)
    return own
  })
}
