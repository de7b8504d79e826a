import { HeddleError, show } from '@heddle/core'
import { type IdxArray, parseIdx } from '@heddle/data'
import type { DataSource } from '../data-source.ts'

/** Arrays that belong together: `labels.shape` is the start of `values.shape`. */
export interface IdxPair {
  readonly values: IdxArray
  readonly labels: IdxArray
}

/**
 * The IDX files of a source, in pairs of values and labels. A folder may hold several pairs, such as `train-images…` and
 * `train-labels…` beside `t10k-images…` and `t10k-labels…`; files that are not named like IDX are left out of it.
 *
 * @param labelRank 1 for a label for each example, 2 for one for each step of it
 * @param valueRank of the values
 * @throws HeddleError `data` when a file of a pair is missing or their sizes differ
 */
export async function idxPairs(
  { name, files }: DataSource,
  { where, valueRank, labelRank }: { where: string; valueRank: number; labelRank: number },
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
