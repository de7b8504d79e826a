import { HeddleError, show } from '@heddle/core'
import { type Asset, labelsAsset } from '../task/assets.ts'

/** The labels of texts; the place of a label is its id. */
export interface TextLabels {
  readonly names: readonly string[]
  /** Whether a text may have several labels, or none. */
  readonly isMultiLabel: boolean
  /** Probability of each label from which on it is predicted, where it was tuned. */
  readonly thresholds?: readonly number[]
}

const list = labelsAsset()

/** Name of the loss in transformers whose labels are each decided on their own. */
const MULTI_LABEL = 'multi_label_classification'

/** Whether the config.json of transformers is of a model whose labels are each decided on their own. */
export const isMultiLabelConfig = (config: unknown): boolean =>
  (config as { readonly problem_type?: unknown } | null)?.problem_type === MULTI_LABEL

/**
 * Labels of texts as `labels.json`: a list, or `{ "multiLabel": true, "labels": [ … ] }` with the `thresholds` of the labels, where
 * they were tuned. An ensemble has the mean of those of its members.
 */
export const textLabelsAsset: Asset<TextLabels> = {
  file: list.file,
  toJSON: ({ names, isMultiLabel, thresholds }) =>
    isMultiLabel ? { multiLabel: true, labels: names, ...(thresholds && { thresholds }) } : names,
  fromJSON(json, where) {
    const { multiLabel, labels, thresholds } = fieldsOf(json)
    const names = list.fromJSON(labels, where)
    if (thresholds === undefined) return { names, isMultiLabel: multiLabel === true }
    return { names, isMultiLabel: multiLabel === true, thresholds: thresholdsFrom(thresholds, names, where) }
  },
  combine(files) {
    const [first, ...others] = files.map((json) => fieldsOf(json)) as [Fields, ...Fields[]]
    const same = ({ multiLabel, labels }: Fields) => JSON.stringify([multiLabel, labels])
    if (others.some((other) => same(other) !== same(first))) return undefined
    const all = [first, ...others].map(({ thresholds }) => thresholds as readonly number[] | undefined)
    if (all.includes(undefined)) return Array.isArray(files[0]) ? files[0] : { ...first, thresholds: undefined }
    const mean = all[0]!.map((_, c) => all.reduce((sum, each) => sum + each![c]!, 0) / all.length)
    return { ...first, thresholds: mean }
  },
  toFolder({ names, isMultiLabel }, options) {
    const { fields } = list.toFolder!(names, options)
    return { fields: { ...fields, ...(isMultiLabel && { problem_type: MULTI_LABEL }) } }
  },
  async fromFolder(folder) {
    const names = await list.fromFolder!(folder)
    const bytes = await folder.read('config.json')
    return names && bytes && { names, isMultiLabel: isMultiLabelConfig(JSON.parse(new TextDecoder().decode(bytes))) }
  },
  covers: (saved, learned) => saved.isMultiLabel === learned.isMultiLabel && list.covers!(saved.names, learned.names),
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (json: unknown): Fields => (Array.isArray(json) ? { labels: json } : (json ?? {})) as Fields

function thresholdsFrom(json: unknown, names: readonly string[], where: string): readonly number[] {
  if (Array.isArray(json) && json.length === names.length && json.every((each) => typeof each === 'number')) return json
  throw new HeddleError(
    'format',
    `${where}: expected thresholds of ${names.length} labels, got ${show(json)}. Train the run again.`,
  )
}

/**
 * The labels of texts, sorted.
 *
 * @param multiLabel whether labels are decided each on its own (default: if one of the texts has a list)
 * @throws HeddleError `data` for fewer labels than there is something to decide between
 */
export function textLabels(
  labels: readonly (string | readonly string[])[],
  multiLabel: boolean | undefined,
): TextLabels {
  const isMultiLabel = multiLabel ?? labels.some((label) => typeof label !== 'string')
  const names = [...new Set(isMultiLabel ? labels.flatMap(listOf) : labels.map(singleLabel))].sort()
  const least = isMultiLabel ? 1 : 2
  if (names.length >= least) return { names, isMultiLabel }
  throw new HeddleError(
    'data',
    `labels: expected at least ${isMultiLabel ? 'one label' : 'two different labels'}, got ${names.map((label) => show(label)).join(', ') || 'none'}. Check the data.`,
  )
}

/** The labels of a text; an empty text is none. */
export const listOf = (label: string | readonly string[]): readonly string[] =>
  typeof label !== 'string' ? label : label === '' ? [] : [label]

/** @throws HeddleError `data` for a list, where texts have one label each */
export function singleLabel(label: string | readonly string[]): string {
  if (typeof label === 'string') return label
  throw new HeddleError(
    'data',
    `labels: expected one label for each text, got the list ${show(label)}. Set multiLabel to true for texts with several labels, or none, and train a new run.`,
  )
}
