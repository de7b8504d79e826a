import type { Cells } from '../formats/table.ts'

const isNumber = (cell: string) => cell !== '' && Number.isFinite(Number(cell))

/** Rows from which an only occurrence tells something. */
const FEWEST_ROWS = 10

/**
 * Whether the first row names the columns, by its label: it occurs in no other row, and is a usual name of a column of labels, or a word
 * above numbers alone, or stands beside a usual name of a text. Of two usual names in one row this is not asked.
 */
export function namesColumns(
  rows: readonly Cells[],
  label: number,
  usualNames: readonly string[],
  hasUsualText: boolean,
): boolean {
  const [first, ...others] = rows.flatMap(({ cells, problem }) =>
    problem === undefined ? [cells[label]?.trim().toLowerCase() ?? ''] : [],
  )
  if (first === undefined || first === '' || others.length === 0 || others.includes(first)) return false
  if (usualNames.includes(first)) return true
  if (others.length < FEWEST_ROWS) return false
  const filled = others.filter((cell) => cell !== '')
  return hasUsualText || (!isNumber(first) && filled.length >= FEWEST_ROWS && filled.every(isNumber))
}
