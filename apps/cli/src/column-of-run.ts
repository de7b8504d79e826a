import { INPUT_NAMES, type StreamRowsOptions } from '@heddle/data'
import type { RunConfig } from '@heddle/tasks'

/** How a run finds the column to read in a table: as in the data that it was trained on, or by the usual names. */
export function columnOfRun({ recipe }: Pick<RunConfig, 'recipe'>): Pick<StreamRowsOptions, 'names' | 'likely'> {
  const { text, source, label, header, pair } = recipe?.data ?? {}
  const names = [...[text, source].filter((name) => typeof name === 'string'), ...INPUT_NAMES]
  // An input that is a pair of texts has two columns.
  if (typeof text !== 'number' || pair !== undefined) return { names }
  const labels = [label].flat().filter((each) => typeof each === 'number')
  return { names, likely: { column: text, header: header === true, width: Math.max(text, ...labels) } }
}
