import type { Dataset } from '../run/dataset.ts'
import { type Finding, share, warning } from './finding.ts'

/** Share of rows that were left out from which on they are worth a warning. */
const MANY = 0.001

/** Finds data of which the reader left out many rows, as they are malformed or empty; the notes say which is the first. */
export function checkLeft(left: number, { train, validation, test }: Dataset<unknown>): Finding[] {
  const total = left + train.length + validation.length + test.length
  if (left <= MANY * total) return []
  return [
    warning('left out', `${share(left, total)} rows are malformed or empty, and are left out. Correct or remove them.`),
  ]
}
