import { HeddleError, show } from '@heddle/core'
import { parseDate, type Series } from '@heddle/data'

/**
 * A series from the command line, oldest step first: lines, or parts between semicolons, of `value` or `date,value`.
 *
 * @throws HeddleError `data`
 */
export function parseSteps(input: string, dated: boolean): Series {
  const rows = input
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()))
  const wrong = rows.find(
    (cells) =>
      cells.length !== (dated ? 2 : 1) ||
      !Number.isFinite(Number(cells.at(-1) || Number.NaN)) ||
      (dated && parseDate(cells[0]!) === undefined),
  )
  if (rows.length === 0 || wrong !== undefined) {
    throw new HeddleError(
      'data',
      `predict: expected lines of ${dated ? 'date,value' : 'one value'}, got ${wrong === undefined ? 'none' : show(wrong.join(','))}. Give the last steps of the series, oldest first.`,
    )
  }
  const steps = rows.map(([first]) => first!)
  const values = rows.map((cells) => Number(cells.at(-1)))
  return dated ? { values, steps, times: steps.map((step) => parseDate(step)!) } : { values, steps }
}
