import type { Cells } from '../formats/table.ts'
import type { FoundColumns } from './labeled-columns.ts'

export interface RowLabelsOptions {
  /** Stands between the labels of a cell, unless that is a JSON list; a cell without any is an example without a label. */
  readonly separator?: string | undefined
  /** Names for labels. Other labels stay as they are. */
  readonly labelNames?: Readonly<Record<string, string>>
}

const YES = /^(?:1(?:\.0*)?|true)$/i
const NO = /^(?:0(?:\.0*)?|false)$/i

/**
 * Makes the reader of a row's label: a text; or a list where columns of 0 and 1 are given, where labels have a separator, or where
 * the cell is a list itself, in a table as JSON: `["sport", "local news"]`. It returns undefined for a row without a label that can be read.
 */
export function rowLabels(
  { label: column, flags }: Pick<FoundColumns, 'label' | 'flags'>,
  { separator, labelNames = {} }: RowLabelsOptions,
): (row: Cells) => string | readonly string[] | undefined {
  const named = (label: string) => (Object.hasOwn(labelNames, label) ? labelNames[label]! : label)
  const distinct = (labels: readonly string[]) => [
    ...new Set(labels.map((label) => label.trim()).filter((label) => label !== '')),
  ]
  return ({ cells, lists }) => {
    if (flags !== undefined) {
      const values = [...flags].map(([at, name]) => ({ name, value: cells[at]?.trim() ?? '' }))
      if (!values.every(({ value }) => YES.test(value) || NO.test(value))) return undefined
      return values.flatMap(({ name, value }) => (YES.test(value) ? [name] : []))
    }
    const list = lists?.get(column)
    if (list !== undefined) return distinct(list).map(named)
    const label = cells[column]
    const written = label === undefined ? undefined : jsonList(label)
    if (written !== undefined) return distinct(written).map(named)
    if (separator !== undefined && label !== undefined) return distinct(label.split(separator)).map(named)
    return label?.trim() ? named(label) : undefined
  }
}

/** The members of a cell that is a JSON list of texts. */
function jsonList(cell: string): readonly string[] | undefined {
  if (!/^\s*\[.*\]\s*$/s.test(cell)) return undefined
  try {
    const list: unknown = JSON.parse(cell)
    return Array.isArray(list) && list.every((each) => typeof each === 'string') ? list : undefined
  } catch {
    return undefined
  }
}
