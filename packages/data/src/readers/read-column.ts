import { decodeText } from '../formats/decode-text.ts'
import type { DataFile } from '../sources/data-source.ts'
import { columnPosition } from './labeled-columns.ts'
import { readCells } from './read-cells.ts'

/** Texts of one column of a table, and the number of rows without one. */
export interface ReadColumn {
  readonly texts: readonly string[]
  readonly left: number
}

/**
 * Reads one column of a table: `.csv`, JSON lines, or tab-separated. A column that is given by its name stands in a header; one that
 * is given by its number, from 1, may be in a table without.
 *
 * @param where the caller's name, for messages
 * @throws HeddleError `data` when the column is not there
 */
export async function readColumn(file: DataFile, column: string | number, where: string): Promise<ReadColumn> {
  const table = readCells(file.name, decodeText(await file.bytes(), file.name))
  const { at, header } = columnPosition(table, column, where)
  const rows = header ? table.rows.slice(1) : table.rows
  const texts = rows.flatMap(({ cells, problem }) => (problem === undefined && cells[at]?.trim() ? [cells[at]] : []))
  return { texts, left: rows.length - texts.length }
}
