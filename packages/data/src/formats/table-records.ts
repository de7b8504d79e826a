import { show } from '@heddle/core'
import type { Delimiter } from './delimiter.ts'
import { csvRows } from './parse-csv.ts'

/** A record of a table that is read line by line. */
export interface TableRecord {
  /** Counted from 1; the first of several. */
  readonly line: number
  readonly lastLine: number
  readonly cells: readonly string[]
  /** The reason why its cells cannot be told apart, if so. */
  readonly problem?: string
}

/** A quoted cell that is longer has lost its closing quote. */
const LONGEST_RECORD = 2 ** 24

/** Lines of a text between tabs; quotes have no meaning, and empty lines are passed over. */
export async function* tsvRecords(lines: AsyncIterable<string>): AsyncGenerator<TableRecord> {
  let line = 0
  for await (const text of lines) {
    line++
    if (text !== '') yield { line, lastLine: line, cells: text.split('\t') }
  }
}

/**
 * Records of a CSV file. The lines of a record whose quoted cells hold line ends are joined: its number of quotes is even. Where that
 * leads to no record, as after a quote that is never closed, only the first of these lines is lost, and the others are read again.
 */
export async function* csvRecords(lines: AsyncIterable<string>, delimiter: Delimiter): AsyncGenerator<TableRecord> {
  // The lines of the record that is not complete, from line `first` on.
  let open: string[] = []
  let first = 1
  let [quotes, length] = [0, 0]
  const waiting: string[] = []
  const rest = lines[Symbol.asyncIterator]()
  for (;;) {
    const next = waiting.length > 0 ? { value: waiting.pop()!, done: false } : await rest.next()
    if (next.done === true && open.length === 0) return
    if (next.done !== true) {
      open.push(next.value)
      quotes += next.value.split('"').length - 1
      length += next.value.length
      if (quotes % 2 === 1 && length < LONGEST_RECORD) continue
    }
    const records = csvRows(open.join('\n'), delimiter)
    const isBroken = records.some(({ problem }) => problem !== undefined)
    if (isBroken && open.length > 1) {
      const [{ problem = 'expected a closing quote.' } = {}] = records.filter((each) => each.problem !== undefined)
      yield { line: first, lastLine: first, cells: [open[0]!], problem }
      for (const again of open.slice(1).reverse()) waiting.push(again)
      first++
    } else {
      const lastLine = first + open.length - 1
      for (const { cells, problem } of records) {
        yield { line: first, lastLine, cells, ...(problem !== undefined && { problem }) }
      }
      first += open.length
    }
    open = []
    quotes = 0
    length = 0
  }
}

/** Lines of JSON arrays, whose members are the cells. */
export async function* arrayRecords(lines: AsyncIterable<string>): AsyncGenerator<TableRecord> {
  let line = 0
  for await (const text of lines) {
    line++
    if (text.trim() === '') continue
    const { value, problem } = parsedJson(text)
    if (Array.isArray(value)) yield { line, lastLine: line, cells: value.map(cellOf) }
    else yield { line, lastLine: line, cells: [text], problem: problem ?? `expected a JSON array, got ${show(value)}.` }
  }
}

const cellOf = (value: unknown) =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value)

/** The value of a line of JSON, or the problem with it. */
export function parsedJson(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: `expected a JSON value, got ${show(text)}.` }
  }
}
