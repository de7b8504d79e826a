import { HeddleError, show } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { isFastText, parseFastText } from '../formats/parse-fasttext.ts'
import { dataFiles, onlyFile } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { type FileOfSplit, splitOfFiles } from '../splits/split-of-files.ts'
import { checkLabels } from './check-labels.ts'
import { readFilesOfClasses } from './files-of-classes.ts'
import { filesInClassFolders, readFoldersOfClasses } from './folders-of-classes.ts'
import { columnPosition, type FoundColumns, type LabeledColumns, labeledColumns } from './labeled-columns.ts'
import type { LabeledText } from './labeled-text.ts'
import { readCells } from './read-cells.ts'
import type { ReadExamples } from './read-examples.ts'
import { type RowLabelsOptions, rowLabels } from './row-labels.ts'

export interface LabeledTextsOptions extends LabeledColumns, RowLabelsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  /** `'skip'` (default) leaves malformed rows out and counts them in the notes; `'error'` stops at the first. */
  readonly malformed?: 'error' | 'skip'
  /** Whether each text file in the folder of a class is an example, or each line of it (default: each line of lists of words or names). */
  readonly examples?: 'files' | 'lines' | undefined
  /** Column of groups, such as authors, by name or number from 1 (default: none). */
  readonly group?: string | number | undefined
}

/**
 * Reads texts and labels from a table: `.csv`, JSON lines, or tab-separated, with a header or without. Several files are read when
 * their names tell a split, such as `ratings_train.txt` and `ratings_test.txt`; other files without columns are one for each class: the
 * name of the file is the label, and each line an example. Folders with several text files are classes too: the name of the folder is the
 * label, and each file an example, or each line where the files are lists of words or names; the notes say which.
 *
 * The columns are those that the options name. Without them they are found by the usual names in the header, or by their content
 * where that is certain; then the further files have the columns of the first. Rows without a text or a label are left out and counted in the notes.
 *
 * An example has a list of labels, which may be empty, where a separator is given (`sport,politics`), where several columns of 0 and 1
 * are named as labels, where the field of a JSON line is a list, and in fastText's format (`__label__sport __label__politics A text`)
 * unless every line there has exactly one.
 *
 * @throws HeddleError `data` when the columns cannot be told, or when there are too many different labels for classes
 */
export async function readLabeledTexts(
  source: DataSource,
  options: LabeledTextsOptions,
): Promise<ReadExamples<LabeledText>> {
  const { files: chosen, notes } = dataFiles(source)
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const inFolders = by === 'name' ? undefined : filesInClassFolders(chosen)
  if (inFolders !== undefined) {
    const read = await readFoldersOfClasses({ name: source.name, files: chosen }, inFolders, options)
    return { examples: read.examples, notes: [...notes, ...read.notes] }
  }
  if (by !== 'name' && files.length > 1 && (await haveNoColumns(chosen))) {
    const read = await readFilesOfClasses({ name: source.name, files: chosen }, options)
    return { examples: read.examples, notes: [...notes, ...read.notes] }
  }
  const tables: readonly FileOfSplit[] =
    by === undefined ? [{ file: onlyFile({ name: source.name, files: chosen }, options.where) }] : files
  const read: ReadTable[] = []
  let found: ReadTable['found']
  for (const table of tables) {
    const part = await readTable(table, { ...options, ...found })
    found ??= part.found
    read.push(part)
  }
  const examples = read.flatMap((part) => part.examples)
  return {
    examples: read.every(({ isFastText = false }) => isFastText) ? withSingleLabels(examples) : examples,
    notes: [...notes, ...splitNotes, ...read.flatMap((part) => part.notes)],
    ...leftOf(read.reduce((sum, { left = 0 }) => sum + left, 0)),
    ...(found && { found }),
  }
}

interface ReadTable extends ReadExamples<LabeledText> {
  readonly isFastText?: boolean
}

/** Examples of fastText's format, which does not say whether labels exclude each other: they do where all have exactly one. */
function withSingleLabels(examples: readonly LabeledText[]): readonly LabeledText[] {
  if (examples.some(({ label }) => label.length !== 1)) return examples
  return examples.map((example) => ({ ...example, label: example.label[0]! }))
}

/** Whether files are lines of text rather than tables, by the first line of each. */
async function haveNoColumns(files: readonly DataFile[]): Promise<boolean> {
  for (const { name, bytes } of files) {
    if (/\.(csv|tsv|jsonl?|ndjson)$/i.test(name)) return false
    const [first = ''] = decodeText(await bytes(), name).split('\n', 1)
    if (first.includes('\t') || isFastText(first)) return false
  }
  return true
}

async function readTable({ file, split }: FileOfSplit, options: LabeledTextsOptions): Promise<ReadTable> {
  const { where, malformed = 'skip' } = options
  const content = decodeText(await file.bytes(), file.name)
  if (!/\.(csv|jsonl?|ndjson)$/i.test(file.name) && isFastText(content)) {
    return readFastText({ file, ...(split !== undefined && { split }) }, content, options)
  }
  const table = readCells(file.name, content)
  const columns = labeledColumns(table, options, where)
  const width = table.names?.length ?? table.rows[0]?.cells.length
  const examples: LabeledText[] = []
  const labels = new Set<string>()
  const labelOf = rowLabels(columns, options)
  const groupAt = options.group === undefined ? undefined : columnPosition(table, options.group, where).at
  let left = 0
  let firstLeft = ''
  for (const row of columns.header ? table.rows.slice(1) : table.rows) {
    const { line, cells, problem } = row
    const text = cells[columns.text]
    const label = problem === undefined && cells.length === width ? labelOf(row) : undefined
    if (text?.trim() && label !== undefined) {
      for (const each of typeof label === 'string' ? [label] : label) labels.add(each)
      const group = groupAt === undefined ? '' : cells[groupAt]!.trim()
      examples.push({ text, label, ...(split !== undefined && { split }), ...(group !== '' && { group }) })
      continue
    }
    const reason =
      problem ??
      (cells.length === width
        ? `expected a text and a label, got ${show(text)} and ${show(written(cells, columns))}.`
        : `expected ${width} columns, got ${cells.length}: ${show(cells.slice(0, 80).join(' | '))}.`)
    if (malformed === 'error') {
      throw new HeddleError('format', `${file.name}:${line}: ${reason} Correct the line, or set malformed to 'skip'.`)
    }
    if (left++ === 0) firstLeft = `${file.name}:${line}: ${reason}`
  }
  const isGiven = columns.isGiven || options.separator !== undefined
  checkCounts(file, {
    where,
    numExamples: examples.length,
    numLabels: labels.size,
    left,
    firstLeft,
    columns: { ...columns, isGiven },
  })
  const notes = left > 0 ? [`${count(left)} rows left out; the first: ${firstLeft}`] : []
  const found = columns.isByContent && { found: { text: columns.text + 1, label: columns.label + 1 } }
  return { examples, notes: [...columns.notes, ...notes], ...leftOf(left), ...found }
}

/** The labels of a row for messages. */
const written = (cells: readonly string[], { label, flags }: Pick<FoundColumns, 'label' | 'flags'>) =>
  flags === undefined ? cells[label] : [...flags].map(([at, name]) => `${name}=${cells[at]}`).join(' ')

function readFastText(
  { file, split }: FileOfSplit,
  content: string,
  { where, labelNames = {} }: LabeledTextsOptions,
): ReadTable {
  const lines = parseFastText(content)
  const examples = lines.flatMap(({ text, labels }): LabeledText[] => {
    const label = labels.map((each) => (Object.hasOwn(labelNames, each) ? labelNames[each]! : each))
    return text === '' ? [] : [{ text, label, ...(split !== undefined && { split }) }]
  })
  if (examples.length === 0) {
    throw new HeddleError(
      'data',
      `${where}: expected labels and texts in ${file.name}, got labels alone. Check the file.`,
    )
  }
  const left = lines.length - examples.length
  const notes = left > 0 ? [`${count(left)} lines of ${file.name} have no text and are left out`] : []
  return { examples, notes, ...leftOf(left), isFastText: true }
}

const leftOf = (left: number) => (left > 0 ? { left } : {})

interface Counts {
  readonly where: string
  readonly numExamples: number
  readonly numLabels: number
  readonly left: number
  readonly firstLeft: string
  readonly columns: { readonly label: number; readonly isGiven: boolean }
}

function checkCounts({ name }: DataFile, { where, numExamples, numLabels, left, firstLeft, columns }: Counts): void {
  if (numExamples === 0 || left > numExamples) {
    const first = left > 0 ? `; the first: ${firstLeft}` : ''
    throw new HeddleError(
      'data',
      `${where}: expected rows with a text and a label in ${name}, got ${count(numExamples)} and ${count(left)} others${first} Check the file.`,
    )
  }
  checkLabels(
    numLabels,
    numExamples,
    columns.isGiven,
    `${where}: expected labels that repeat, in column ${columns.label + 1} of ${name}`,
  )
}

const count = (n: number) => n.toLocaleString('en-US')
