import { HeddleError } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { splitLines } from '../formats/parsed.ts'
import { leftOut } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { splitOfFiles } from '../splits/split-of-files.ts'
import type { LabeledText } from './labeled-text.ts'
import type { ReadExamples } from './read-examples.ts'

const TABLE = /\.(csv|tsv|jsonl?|ndjson)$/i
/** Files of running text: `.txt`, or without an extension. */
const TEXT = /(\.txt|(^|[/\\])[^./\\]+)$/i
const NO_CLASS = /^(unsup|unsupervised|unlabell?ed)$/i

const foldersOf = ({ name }: DataFile) => name.split(/[/\\]/).slice(0, -1)
// macOS writes names in parts, other systems do not.
const classOf = (file: DataFile) => (foldersOf(file).at(-1) ?? '').normalize('NFC')

/**
 * The files of folders that each hold the texts of a class, `pos/1.txt` and `neg/1.txt`, also within those of a split, as
 * `train/pos/1.txt`: at least two folders at the same depth, with two files or more on average.
 */
export function filesInClassFolders(files: readonly DataFile[]): readonly DataFile[] | undefined {
  if (files.some(({ name }) => TABLE.test(name))) return undefined
  const texts = files.filter(({ name }) => TEXT.test(name))
  const depths = [...new Set(texts.map((file) => foldersOf(file).length))]
  const byDepth = depths.map((depth) => texts.filter((file) => foldersOf(file).length === depth))
  const [most = []] = byDepth.sort((a, b) => b.length - a.length)
  const found = most.filter((file) => !NO_CLASS.test(classOf(file)))
  const isSplit = splitOfFiles(found).by === 'folder'
  const folders = new Set(found.map((file) => foldersOf(file).join('/')))
  const labels = new Set(found.map(classOf))
  // Folders that are the parts of a split themselves are no classes: each part has all of these.
  if (labels.size < 2 || (isSplit && labels.size === folders.size)) return undefined
  return found.length >= 2 * folders.size ? found : undefined
}

export interface FoldersOfClassesOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** Names for labels. */
  readonly labelNames?: Readonly<Record<string, string>>
  /** Whether each file is an example, or each line (default: each line where the files are lists of words or names). */
  readonly examples?: 'files' | 'lines' | undefined
}

/** Texts of files in folders, of which each has a class: its name is the label, and each file an example, or each line of lists. */
export async function readFoldersOfClasses(
  source: DataSource,
  chosen: readonly DataFile[],
  { where, labelNames = {}, examples: unit }: FoldersOfClassesOptions,
): Promise<ReadExamples<LabeledText>> {
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const isChosen = new Set(chosen)
  const others = source.files.filter((file) => !isChosen.has(file))
  const isByLine = unit === undefined ? await areLists(chosen) : unit === 'lines'
  const reading = isByLine
    ? `each line an example${unit === undefined ? ', as the files are lists; data.examples=files takes each file as one' : ''}`
    : `each file an example${unit === undefined ? '; data.examples=lines takes each line as one' : ''}`
  const notes = [`the folder of a file is its label, and ${reading}`, ...splitNotes]
  if (others.length > 0) notes.push(leftOut(others, 'as in no folder of a class'))
  const examples: LabeledText[] = []
  let empty = 0
  for (const { file, split } of by === 'name' ? chosen.map((each) => ({ file: each, split: undefined })) : files) {
    const text = decodeText(await file.bytes(), file.name).trim()
    const label = classOf(file)
    const texts = isByLine ? linesOf(text) : [text].filter((each) => each !== '')
    if (texts.length === 0) empty++
    for (const each of texts) {
      examples.push({
        text: each,
        label: Object.hasOwn(labelNames, label) ? labelNames[label]! : label,
        ...(split !== undefined && { split }),
      })
    }
  }
  if (examples.length > 0) return { examples, notes: empty > 0 ? [...notes, `${empty} empty files left out`] : notes }
  throw new HeddleError('data', `${where}: expected texts in ${source.name}, got empty files alone. Check the folder.`)
}

const linesOf = (text: string) =>
  splitLines(text).flatMap((line) => {
    const trimmed = line.trim()
    return trimmed === '' ? [] : [trimmed]
  })

/** Files that tell whether all are lists, and the share of them that have to be. */
const LOOKED_AT = 20
const MOST = 0.9
/** Fewest lines of a list, and the longest of them. */
const LIST = { lines: 10, words: 3, characters: 30 }

/** Whether nearly all files are lists of words or names: many short lines, one below the other, that end in no punctuation of sentences. */
async function areLists(files: readonly DataFile[]): Promise<boolean> {
  const number = Math.min(LOOKED_AT, files.length)
  let lists = 0
  for (let i = 0; i < number; i++) {
    const file = files[Math.floor((i * files.length) / number)]!
    const lines = splitLines(decodeText(await file.bytes(), file.name).trim())
    const short = lines.filter((line) => isEntry(line.trim())).length
    if (lines.length >= LIST.lines && short >= MOST * lines.length) lists++
  }
  return lists >= MOST * number
}

const isEntry = (line: string) =>
  line !== '' &&
  line.length <= LIST.characters &&
  line.split(/\s+/u).length <= LIST.words &&
  !/[.,;:!?…。、]$/u.test(line)
