import { HeddleError, show } from '@heddle/core'
import { type IdxArray, parseIdx } from '../formats/parse-idx.ts'
import { baseName } from '../sources/base-name.ts'
import { dataFiles } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { ReadExamples, SplitExample, SplitPart } from './read-examples.ts'

/** Arrays that belong together: `labels.shape` is the start of `values.shape`. */
export interface IdxPair extends SplitExample {
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
 * A folder may hold several pairs, such as `train-images…` and `train-labels…` beside `t10k-images…` and `t10k-labels…`. Their
 * names then tell the split. Files that are not named like IDX files are left out of a folder.
 *
 * @throws HeddleError `data` when a file of a pair is missing or their sizes differ
 */
export async function readIdxPairs(
  source: DataSource,
  { where, valueRank, labelRank }: IdxPairsOptions,
): Promise<ReadExamples<IdxPair>> {
  const isNamed = (name: string) => /idx\d|ubyte/i.test(name)
  const hasNames = source.files.some(({ name }) => isNamed(baseName(name)))
  const { files: chosen, notes } = dataFiles(source, hasNames ? isNamed : undefined)
  const { files, notes: splitNotes } = splitOfFiles(chosen)
  const found = new Map<string, { values?: IdxArray; labels?: IdxArray; split: SplitPart | undefined }>()
  for (const { file, split } of files) {
    const array = await parseIdx(await file.bytes(), { file: file.name })
    const rank = array.shape.length
    if (rank !== valueRank && rank !== labelRank) {
      throw new HeddleError(
        'data',
        `${where}: expected an IDX file of rank ${valueRank} (values) or ${labelRank} (labels), got rank ${rank} in ${file.name}. Leave it out.`,
      )
    }
    const key = files.length > 2 ? pairName(file.name) : ''
    const kind = rank === valueRank ? 'values' : 'labels'
    const pair = found.get(key)
    if (pair?.[kind] !== undefined) {
      throw new HeddleError(
        'data',
        `${where}: expected one IDX file of ${kind} for each pair, got two named ${show(key || source.name)}. Rename the files that belong together alike, or leave one out.`,
      )
    }
    found.set(key, { split, ...pair, [kind]: array })
  }
  const pairs = [...found].map(([key, { values, labels, split }]) => {
    if (values === undefined || labels === undefined) {
      throw new HeddleError(
        'data',
        `${where}: expected two IDX files, values and labels, got only ${values ? 'values' : 'labels'} in ${key || source.name}. Pass the folder that holds both, or both files.`,
      )
    }
    if (labels.shape.some((size, axis) => size !== values.shape[axis])) {
      throw new HeddleError(
        'data',
        `${where}: expected labels of the shape that the values start with, got ${show(labels.shape)} for ${show(values.shape)}. Pass files that belong together.`,
      )
    }
    return { values, labels, ...(split !== undefined && { split }) }
  })
  return { examples: pairs, notes: [...notes, ...splitNotes] }
}

/** The part that the names of two files of a pair share: up to `images`, `labels`, `clips` or the rank. The folder stays. */
function pairName(path: string): string {
  const name = baseName(path)
  return path.slice(0, path.length - name.length) + name.replace(/(images|labels|clips).*$|-idx.*$/i, '')
}
