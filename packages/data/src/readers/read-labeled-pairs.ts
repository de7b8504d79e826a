import { HeddleError, show } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { dataFiles, onlyFile } from '../sources/data-files.ts'
import type { DataSource } from '../sources/data-source.ts'
import { type FileOfSplit, splitOfFiles } from '../splits/split-of-files.ts'
import { columnPosition } from './labeled-columns.ts'
import { namesColumns } from './names-columns.ts'
import { type CellTable, readCells } from './read-cells.ts'
import type { ReadExamples, RowsOptions, SplitExample } from './read-examples.ts'

/** Two texts with the label of the pair, or its score as text. */
export interface LabeledPair extends SplitExample {
  readonly text: string
  readonly pair: string
  readonly label: string
}

export interface LabeledPairsOptions extends RowsOptions {
  /** Columns by name, or by number from 1 (default: by their usual names, or the first three of a table without a header, or those of the STS benchmark). */
  readonly text?: string | number | undefined
  readonly pair?: string | number | undefined
  readonly label?: string | number | undefined
  /** Column of groups, such as documents, by name or number from 1 (default: none). */
  readonly group?: string | number | undefined
}

/** Names that the columns usually have: those of texts in pairs, in the data of GLUE, SNLI, STS, PAWS and their translations. */
export const PAIR_NAMES: readonly (readonly [string, string])[] = [
  ['sentence1', 'sentence2'],
  ['premise', 'hypothesis'],
  ['question1', 'question2'],
  ['question', 'sentence'],
  ['text1', 'text2'],
  ['text_a', 'text_b'],
  ['text', 'pair'],
]
const LABEL_NAMES = [
  'gold_label',
  'label',
  'labels',
  'score',
  'similarity',
  'relatedness',
  'is_duplicate',
  'target',
  'class',
]

/**
 * Reads pairs of texts with a label or a score from a table: `.csv`, JSON lines, or tab-separated. Several files are read when their
 * names tell a split, such as `train.tsv` and `dev.tsv`.
 *
 * The columns are those of the options, those with usual names in the header, the first three of a table of three, or those of the STS
 * benchmark, which has no header.
 *
 * Rows without a text or a label, and those with the label `-` of annotators who disagreed, are left out and counted in the notes.
 *
 * @throws HeddleError `data` when the columns cannot be told or hold nothing, `format` for malformed rows
 */
export async function readLabeledPairs(
  source: DataSource,
  options: LabeledPairsOptions,
): Promise<ReadExamples<LabeledPair>> {
  const { where } = options
  const { files: chosen, notes: fileNotes } = dataFiles(source)
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const tables: readonly FileOfSplit[] =
    by === undefined ? [{ file: onlyFile({ name: source.name, files: chosen }, where) }] : files
  const notes = [...fileNotes, ...splitNotes]
  let left = 0
  let found: ReadExamples<LabeledPair>['found']
  const examples: LabeledPair[] = []
  for (const { file, split } of tables) {
    const read = readTable(readCells(file.name, decodeText(await file.bytes(), file.name)), { ...options, ...found })
    found ??= read.found
    for (const pair of read.pairs) examples.push(split === undefined ? pair : { ...pair, split })
    if (read.wider > 0) {
      notes.push(
        `${read.wider.toLocaleString('en-US')} rows of ${file.name} have cells behind the texts, which are not read`,
      )
    }
    left += read.left
    if (read.left > 0) notes.push(`${read.left.toLocaleString('en-US')} rows left out; the first: ${read.first}`)
  }
  if (examples.length > 0) return { examples, notes, ...(left > 0 && { left }), ...(found && { found }) }
  throw new HeddleError(
    'data',
    `${where}: expected pairs of texts with a label in ${source.name}, got none. Check the file.`,
  )
}

function readTable(table: CellTable, options: LabeledPairsOptions) {
  const { malformed = 'skip' } = options
  const { at, header, isByPlace } = columnsOf(table, options)
  const width = table.names?.length ?? table.rows[0]?.cells.length
  // Behind the texts of a table without a header there may be more in some rows, where that cannot be a label.
  const isRagged = table.names === undefined && !header && at[2]! < Math.max(at[0]!, at[1]!)
  const isWhole = (cells: readonly string[]) => (isRagged ? cells.length > Math.max(...at) : cells.length === width)
  const groupAt = options.group === undefined ? undefined : columnPosition(table, options.group, options.where).at
  let wider = 0
  const pairs: LabeledPair[] = []
  let left = 0
  let first = ''
  for (const { line, cells, problem } of header ? table.rows.slice(1) : table.rows) {
    const [text, pair, label] = at.map((column) => cells[column]?.trim() ?? '') as [string, string, string]
    if (problem === undefined && isWhole(cells) && text !== '' && pair !== '' && label !== '' && label !== '-') {
      const group = groupAt === undefined ? '' : (cells[groupAt] ?? '').trim()
      pairs.push({ text, pair, label, ...(group !== '' && { group }) })
      if (cells.length > width!) wider++
      continue
    }
    const reason =
      problem ??
      (isWhole(cells)
        ? `expected two texts and a label, got ${[text, pair, label].map((cell) => show(cell, 40)).join(', ')}.`
        : `expected ${width} columns, got ${cells.length}: ${show(cells.slice(0, 80).join(' | '))}.`)
    if (malformed === 'error') {
      throw new HeddleError('format', `${table.file}:${line}: ${reason} Correct the line, or set malformed to 'skip'.`)
    }
    if (left++ === 0) first = `${table.file}:${line}: ${reason}`
  }
  const [text, pair, label] = at.map((column) => column + 1)
  return { pairs, left, first, wider, ...(isByPlace && { found: { text, pair, label } }) }
}

const isHeader = ({ rows }: CellTable, label: number) => namesColumns(rows, label, LABEL_NAMES, false)

/**
 * Whether a table has the columns of the STS benchmark: genre, file, year, number, score, and two sentences, after which some rows name
 * their origin.
 *
 * @see Cer et al. 2017, "SemEval-2017 Task 1: Semantic Textual Similarity"
 */
function isStsBenchmark({ rows }: CellTable): boolean {
  const first = rows.slice(0, 20)
  return (
    first.length > 1 &&
    first.every(({ cells }) => cells.length >= 7 && /^main-\w+$/.test(cells[0]!) && /^[0-5](\.\d+)?$/.test(cells[4]!))
  )
}

function columnsOf(table: CellTable, { text, pair, label, where }: LabeledPairsOptions) {
  const names = (table.names ?? table.rows[0]?.cells ?? []).map((cell) => cell.trim().toLowerCase())
  const usual = PAIR_NAMES.find((both) => both.every((name) => names.includes(name)))
  const usualLabel = LABEL_NAMES.find((name) => names.includes(name))
  const found = [usual?.[0], usual?.[1], usualLabel]
  const given = [text, pair, label].map((column, i) => column ?? found[i])
  const isNamed = (column: string | number | undefined) => typeof column === 'string' && !/^\d+$/.test(column)
  if (given.every((column) => column !== undefined)) {
    const positions = given.map((column) => columnPosition(table, column!, where))
    const at = positions.map((position) => position.at)
    const header = table.names === undefined && (given.some(isNamed) || isHeader(table, at[2]!))
    return { at, header, isByPlace: false }
  }
  if (table.names === undefined && [text, pair, label].every((column) => column === undefined)) {
    if (names.length === 3) {
      const named = usualLabel === undefined ? 2 : names.indexOf(usualLabel)
      const header = isHeader(table, named)
      const last = header ? named : 2
      return { at: [...[0, 1, 2].filter((each) => each !== last), last], header, isByPlace: true }
    }
    if (isStsBenchmark(table)) return { at: [5, 6, 4], header: false, isByPlace: true }
  }
  throw new HeddleError(
    'data',
    `${where}: expected columns of two texts and a label in ${table.file}, got ${names.length} columns that start with ${show(names.join(' | '), 120)}. Name them with the settings data.text, data.pair and data.label, or count them from 1.`,
  )
}
