import { csvRows } from './parse-csv.ts'
import { tabRows } from './quoted-tsv.ts'
import type { Cells } from './table.ts'

/** The character between the cells of a row. */
export type Delimiter = ',' | '\t' | ';'

/** Lines at the start of a file that tell its delimiter. */
export const SAMPLE_LINES = 20
const SAMPLE_LENGTH = 2 ** 16

/**
 * Tells the delimiter of a table by its name, `.csv` or any other for tabs, unless its first rows say otherwise: those of a file named
 * `.csv` may be separated by tabs, as in the STS benchmark, or by semicolons, as spreadsheets write them where the comma is the decimal
 * sign. Delimiters within quotes do not count.
 *
 * The name is overruled only where it gives rows of one cell or of different lengths and another delimiter gives rows of several
 * cells, and for tabs also where each row has more of them than commas; semicolons and commas must give the same number of cells in each.
 *
 * @param text the file, or its first lines
 */
export function delimiterOf(file: string, text: string): Delimiter {
  const lines = firstLines(text)
  if (lines.length === 0) return /\.csv$/i.test(file) ? ',' : '\t'
  if (!/\.csv$/i.test(file)) {
    // Texts hold commas: in a file not named .csv they are delimiters only where there is no tab at all.
    if (lines.some((line) => line.includes('\t'))) return '\t'
    return lines.length < 2 ? '\t' : (([',', ';'] as const).find((each) => isTable(lines, each)) ?? '\t')
  }
  const isCommas = isTable(lines, ',')
  if (lines.every((line) => line.includes('\t')) && !(isCommas && lines.some(hasMoreCommas))) return '\t'
  if (isCommas) return ','
  return isTable(lines, ';') ? ';' : ','
}

/** Rows of a table, separated by commas, tabs or semicolons; between tabs quotes have a meaning only where cells need them. */
export function delimitedRows(text: string, delimiter: Delimiter): Cells[] {
  return delimiter === '\t' ? tabRows(text) : csvRows(text, delimiter)
}

/** Whether a line has at least as many commas as tabs outside cells in quotes. */
function hasMoreCommas(line: string): boolean {
  const bare = line.replaceAll(/(?<=^|,)"(?:[^"]|"")*"(?=,|$)/g, '')
  return bare.split(',').length >= bare.split('\t').length
}

function firstLines(text: string): string[] {
  const lines = text.slice(0, SAMPLE_LENGTH).split(/\r\n?|\n/)
  // The last line of a sample may be cut.
  if (text.length > SAMPLE_LENGTH && lines.length > 1) lines.pop()
  return lines.filter((line) => line.trim() !== '').slice(0, SAMPLE_LINES)
}

/** Whether all rows have the same number of cells, at least two. The last one may be cut within quotes. */
function isTable(lines: readonly string[], delimiter: ',' | ';'): boolean {
  const rows = csvRows(lines.join('\n'), delimiter)
  if (rows.length > 1 && rows.at(-1)!.problem !== undefined) rows.pop()
  const width = rows[0]!.cells.length
  return width > 1 && rows.every(({ cells, problem }) => cells.length === width && problem === undefined)
}
