import { csvRows } from './parse-csv.ts'
import { tsvRows } from './parse-tsv.ts'
import type { Cells } from './table.ts'

/** Characters of a text that are looked at, and what a quoted cell may have at most: more has lost its closing quote. */
const LONGEST_CELL = 2 ** 16

/**
 * Whether the cells of a tab-separated text are quoted, as spreadsheets and pandas write those that hold tabs, line ends or quotes. Every
 * cell that starts with a quote must then be a whole quoted cell, and one of them must need its quotes (it has doubled quotes, or without
 * quotes rows would have different lengths), or all cells have them. A text whose quotes are its own, such as `"So good"`, has none that need them.
 *
 * @param isCut whether the text is the start of a longer one, so that its last cell may not be whole
 */
export function isQuotedTsv(text: string, isCut = false): boolean {
  if (!text.includes('"')) return false
  // Of a cell with doubled quotes, tabs and line ends in it, up to the delimiter after it.
  const cell = /"((?:[^"]|"")*)"(?=\t|\r?\n|\r|$)/y
  const start = /(?:^|[\t\n\r])"/g
  let [hasDoubled, hasDelimiters] = [false, false]
  let quoted = 0
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    cell.lastIndex = start.lastIndex - 1
    const whole = cell.exec(text)
    const isLast = isCut && whole === null && !/"(?=[\t\n\r])/.test(text.slice(start.lastIndex))
    if (isLast && text.length - start.lastIndex < LONGEST_CELL) break
    if (whole === null || whole[0].length > LONGEST_CELL) return false
    hasDoubled ||= whole[1]!.includes('"')
    hasDelimiters ||= /[\t\n\r]/.test(whole[1]!)
    quoted++
    start.lastIndex = cell.lastIndex
  }
  if (hasDoubled) return true
  if (quoted === 0) return false
  const widths = text.split(/\r\n?|\n/).flatMap((line) => (line === '' ? [] : [line.split('\t').length]))
  const isRagged = widths.some((width) => width !== widths[0])
  return hasDelimiters ? isRagged : quoted > 1 && quoted === widths.reduce((sum, width) => sum + width, 0)
}

/** Rows of a tab-separated text, with quoted cells where it has them. */
export const tabRows = (text: string): Cells[] => (isQuotedTsv(text) ? csvRows(text, '\t') : tsvRows(text))
