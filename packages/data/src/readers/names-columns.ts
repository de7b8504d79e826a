import type { Cells } from '../formats/table.ts'

const isNumber = (cell: string) => cell !== '' && Number.isFinite(Number(cell))

/** Rows from which an only occurrence tells something. */
const FEWEST_ROWS = 10
/** The same where nothing else speaks for a header, and how often every other label must occur then. */
const FEWEST_LABELED = 20
const REPEATED = 3

/**
 * Whether the first row names the columns, by its label: it occurs in no other row, and is a usual name of a column of labels, or a word
 * above numbers alone, or stands beside a usual name of a text, or all other labels occur several times. Of two usual names in one row this is not asked.
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
  if (hasUsualText || (!isNumber(first) && filled.length >= FEWEST_ROWS && filled.every(isNumber))) return true
  if (filled.length < FEWEST_LABELED || isNumber(first)) return false
  const counts = new Map<string, number>()
  for (const cell of filled) counts.set(cell, (counts.get(cell) ?? 0) + 1)
  return [...counts.values()].every((count) => count >= REPEATED)
}
