import { HeddleError, show } from '@heddle/core'
import { delimitedRows, delimiterOf } from '../formats/delimiter.ts'
import { type JsonLine, jsonLines } from '../formats/parse-jsonl.ts'
import type { Cells } from '../formats/table.ts'

/** The rows of a table in a file of any of these formats. */
export interface CellTable {
  readonly file: string
  /** Names of the columns, where the format itself has them. */
  readonly names: readonly string[] | undefined
  readonly rows: readonly Cells[]
}

/**
 * Reads the cells of a table: JSON lines of objects or of arrays by the file's name (`.jsonl`, `.ndjson`), or else separated by commas (`.csv`) or tabs, or by
 * another delimiter where the first rows have that one.
 *
 * @throws HeddleError `format` for JSON lines with too many different fields
 */
export function readCells(file: string, text: string): CellTable {
  if (/\.(jsonl?|ndjson)$/i.test(file)) return jsonCells(file, text)
  return { file, names: undefined, rows: delimitedRows(text, delimiterOf(file, text)) }
}

function jsonCells(file: string, text: string): CellTable {
  const names = new Map<string, number>()
  const rows: { line: number; fields: Record<string, unknown>; problem: string | undefined }[] = []
  const lines = [...jsonLines(text)]
  if (Array.isArray(lines.find(({ problem }) => problem === undefined)?.value)) {
    return { file, names: undefined, rows: lines.map(arrayCells) }
  }
  for (const { line, value, problem } of lines) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const fields = isObject ? (value as Record<string, unknown>) : {}
    for (const name of Object.keys(fields)) if (!names.has(name)) names.set(name, names.size)
    if (names.size > MOST_FIELDS) {
      throw new HeddleError(
        'format',
        `${file}:${line}: expected objects with the same fields, got more than ${MOST_FIELDS} names. Correct the file.`,
      )
    }
    const noObject = isObject ? undefined : `expected an object, got ${show(value)}.`
    rows.push({ line, fields, problem: problem ?? noObject })
  }
  const columns = [...names.keys()]
  const cells = rows.map(({ line, fields, problem }): Cells => {
    const values = columns.map((name) => (Object.hasOwn(fields, name) ? written(fields[name]) : ''))
    const lists = new Map(
      columns.flatMap((name, at) =>
        Object.hasOwn(fields, name) ? listIn(fields[name]).map((list) => [at, list]) : [],
      ),
    )
    return {
      ...{ line, cells: values },
      ...(problem !== undefined && { problem }),
      ...(lists.size > 0 && { lists }),
    }
  })
  return { file, names: columns, rows: cells }
}

const MOST_FIELDS = 1000

/** The row of a line that holds an array, whose columns have numbers alone. */
function arrayCells({ line, value, problem }: JsonLine): Cells {
  if (!Array.isArray(value)) {
    return { line, cells: [], problem: problem ?? `expected an array as in the first line, got ${show(value)}.` }
  }
  const lists = new Map(value.flatMap((each, at) => listIn(each).map((list) => [at, list] as const)))
  return { line, cells: value.map(written), ...(lists.size > 0 && { lists }) }
}

/** The list of single values, such as labels, where it is one. */
function listIn(value: unknown): (readonly string[])[] {
  const isSingle = (each: unknown) => typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
  return Array.isArray(value) && value.every(isSingle) ? [value.map(String)] : []
}

/** A single value as text; nothing for lists and objects. */
function written(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
