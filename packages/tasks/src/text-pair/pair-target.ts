import { HeddleError, show } from '@heddle/core'
import { type Asset, labelsAsset } from '../task/assets.ts'

/** Two texts with the label of the pair, or its score. */
export interface TextPairExample {
  readonly text: string
  readonly pair: string
  readonly label: string | number
}

/** The only label of pairs that have a score. */
export const SCORE = 'score'

/** Different whole numbers that may still be labels. */
const MOST_NUMBERED_LABELS = 10

/** Whether targets are numbers to be predicted: not all whole, or more different ones than labels have. */
export function areScores(labels: readonly (string | number)[]): boolean {
  const numbers = labels.map((label) => (`${label}`.trim() === '' ? Number.NaN : Number(label)))
  if (!numbers.every(Number.isFinite)) return false
  return !numbers.every(Number.isInteger) || new Set(numbers).size > MOST_NUMBERED_LABELS
}

/** @throws HeddleError `data` for a target that is no number */
export function scoreOf({ text, label }: TextPairExample, where: string): number {
  const score = `${label}`.trim() === '' ? Number.NaN : Number(label)
  if (Number.isFinite(score)) return score
  throw new HeddleError(
    'data',
    `${where}: expected a number as the score of each pair, got ${show(label)} for ${show(text)}. Set targets to labels, or correct the data.`,
  )
}

const labels = labelsAsset()

/** Labels of pairs. One label alone is a score, as in transformers: its head fits any other score. */
export const pairLabelsAsset: Asset<readonly string[]> = {
  ...labels,
  toFolder: (value, options) => ({
    fields: {
      ...labels.toFolder!(value, options).fields,
      problem_type: value.length === 1 ? 'regression' : 'single_label_classification',
    },
  }),
  covers: (saved, learned) =>
    saved.length === 1 || learned.length === 1 ? saved.length === learned.length : labels.covers!(saved, learned),
}
