import type { SplitPart } from '../readers/read-examples.ts'
import { baseName } from '../sources/base-name.ts'
import { leftOut } from '../sources/data-files.ts'
import type { DataFile } from '../sources/data-source.ts'

/** Words in names of files and folders that stand for a part. */
const PARTS: ReadonlyMap<string, SplitPart> = new Map(
  Object.entries({
    train: 'train',
    training: 'train',
    trainset: 'train',
    dev: 'validation',
    devel: 'validation',
    development: 'validation',
    devset: 'validation',
    val: 'validation',
    valid: 'validation',
    validation: 'validation',
    // CoNLL-2003 has eng.testa to develop on, and eng.testb.
    testa: 'validation',
    test: 'test',
    testb: 'test',
    testing: 'test',
    testset: 'test',
    // The test set of MNIST and of data in its format.
    t10k: 'test',
  } as const),
)

/** A file with its part of the split. */
export interface FileOfSplit {
  readonly file: DataFile
  readonly split?: SplitPart
}

export interface SplitOfFiles {
  readonly files: readonly FileOfSplit[]
  /** Whether names of files or of folders tell the parts, or undefined when the files bring no split. */
  readonly by: 'name' | 'folder' | undefined
  readonly notes: readonly string[]
}

/**
 * Recognizes the split that files bring by their names (`train-images…` and `t10k-images…`, `x-ud-dev.conllu`) or by their folders
 * (`train/…`, `test/…`). It has a training part and at least one other. Files that belong to no part are left out of it.
 */
export function splitOfFiles(files: readonly DataFile[]): SplitOfFiles {
  for (const [by, partOf] of [
    ['name', partOfName],
    ['folder', partOfFolders],
  ] as const) {
    const parts = files.map(({ name }) => partOf(name))
    const found = new Set(parts.filter((part) => part !== undefined))
    if (!found.has('train') || found.size < 2) continue
    const others = files.filter((_, i) => parts[i] === undefined)
    return {
      files: files.flatMap((file, i) => (parts[i] === undefined ? [] : [{ file, split: parts[i] }])),
      by,
      notes: others.length > 0 ? [leftOut(others, 'as not part of the split')] : [],
    }
  }
  return { files: files.map((file) => ({ file })), by: undefined, notes: [] }
}

/** The words of a name: `train2017` has `train`, `trainData` too, and `t10k` is one. */
function wordsOf(name: string): string[] {
  const parts = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return parts.flatMap((part) => (PARTS.has(part) ? [part] : (part.match(/[a-z]+/g) ?? [])))
}

/** The part that one of the words of a file's name stands for. */
function partOfName(path: string): SplitPart | undefined {
  return only(wordsOf(baseName(path)).map((word) => PARTS.get(word)))
}

function partOfFolders(path: string): SplitPart | undefined {
  const folders = path.split(/[/\\]/).slice(0, -1)
  return folders.map((folder) => partOfFolder(folder)).findLast((part) => part !== undefined)
}

/** A folder stands for a part by its whole name, with or without numbers behind: `train`, `Train`, `val2017`. */
const partOfFolder = (folder: string) =>
  PARTS.get(folder.toLowerCase()) ?? PARTS.get(folder.toLowerCase().replace(/[-_]?\d+$/, ''))

/** The only part among these; undefined for several. */
function only(parts: readonly (SplitPart | undefined)[]): SplitPart | undefined {
  const found = new Set(parts.filter((part) => part !== undefined))
  return found.size === 1 ? [...found][0] : undefined
}
