import { HeddleError } from '@heddle/core'

/** Labels that any data may have. */
const USUAL_LABELS = 50

/**
 * Refuses labels that hardly repeat, unless the user named their column: then texts were taken for labels.
 *
 * @throws HeddleError `data`
 */
export function checkLabels(numLabels: number, numExamples: number, isGiven: boolean, expected: string): void {
  if (isGiven || numLabels <= Math.max(USUAL_LABELS, numExamples / 4)) return
  throw new HeddleError(
    'data',
    `${expected}, got ${count(numLabels)} different labels in ${count(numExamples)} rows. Name the columns with the settings data.text and data.label.`,
  )
}

const count = (n: number) => n.toLocaleString('en-US')
