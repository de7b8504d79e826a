import { HeddleError, show } from '@heddle/core'
import { type IdxArray, parseIdx } from '../formats/parse-idx.ts'
import type { DataSource } from '../sources/data-source.ts'

/** Arrays that belong together: `labels.shape` is the start of `values.shape`. */
export interface IdxPair {
  readonly values: IdxArray
  readonly labels: IdxArray
}

export interface IdxPairsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Rank of the values. */
  readonly valueRank: number
  /** Rank of the labels: 1 for one label for each example, 2 for one for each step. */
  readonly labelRank: number
}

/**
 * Reads the IDX files of a source in pairs of values and labels.
 *
 * A folder may hold several pairs, such as `train-images…` and `train-labels…` beside `t10k-images…` and `t10k-labels…`. Files
 * that are not named like IDX files are left out of it.
 *
 * @throws HeddleError `data` when a file of a pair is missing or their sizes differ
 */
export async function readIdxPairs(
  { name, files }: DataSource,
  { where, valueRank, labelRank }: IdxPairsOptions,
): Promise<IdxPair[]> {
  const named = files.filter((file) => /idx\d|ubyte/i.test(file.name))
  const chosen = named.length > 0 ? named : files
  const arrays = new Map<string, { values?: IdxArray; labels?: IdxArray }>()
  for (const file of chosen) {
    const array = await parseIdx(await file.bytes(), { file: file.name })
    const rank = array.shape.length
    if (rank !== valueRank && rank !== labelRank) {
      throw new HeddleError(
        'data',
        `${where}: expected an IDX file of rank ${valueRank} (values) or ${labelRank} (labels), got rank ${rank} in ${file.name}. Leave it out.`,
      )
    }
    // What two files of a pair have in common is their name up to 'images', 'labels' or the rank.
    const key = named.length > 2 ? file.name.replace(/(images|labels|clips).*$|-idx.*$/i, '') : ''
    const pair = arrays.get(key) ?? {}
    arrays.set(key, { ...pair, [rank === valueRank ? 'values' : 'labels']: array })
  }
  return [...arrays].map(([key, { values, labels }]) => {
    if (values === undefined || labels === undefined) {
      throw new HeddleError(
        'data',
        `${where}: expected two IDX files, values and labels, got only ${values ? 'values' : 'labels'} in ${key || name}. Pass the folder that holds both, or both files.`,
      )
    }
    if (labels.shape.some((size, axis) => size !== values.shape[axis])) {
      throw new HeddleError(
        'data',
        `${where}: expected labels of the shape that the values start with, got ${show(labels.shape)} for ${show(values.shape)}. Pass files that belong together.`,
      )
    }
    return { values, labels }
  })
}
