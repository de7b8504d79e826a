import { HeddleError, show, suggest } from '@heddle/core'
import { placeOfName } from '../formats/same-name.ts'
import { namesColumns } from './names-columns.ts'
import type { CellTable } from './read-cells.ts'

/** Columns by name, or by number counted from 1. */
export interface LabeledColumns {
  /** The column of texts. */
  readonly text?: string | number | undefined
  /** The column of labels; or several, each with 0 or 1 for a label that has the column's name. */
  readonly label?: string | number | readonly (string | number)[] | undefined
  /**
   * Whether the first row names the columns. Default: it does where it has the names of the columns that are looked for, or where its
   * label occurs in no other row and is a usual name, a word above numbers, or beside the usual name of a text.
   */
  readonly header?: boolean | undefined
}

/** The columns of texts and labels in a table, counted from 0. */
export interface FoundColumns {
  readonly text: number
  /** The first one where there are several. */
  readonly label: number
  /** Columns of 0 and 1, one for each label, with the names of the labels. */
  readonly flags?: ReadonlyMap<number, string>
  /** Whether the first row is a header. */
  readonly header: boolean
  /** Whether the user named the column of labels. */
  readonly isGiven: boolean
  /** Whether the content told the columns, so that another file might seem to have others. */
  readonly isByContent: boolean
  readonly notes: readonly string[]
}

/** Names that columns of texts and labels usually have. */
const TEXT_NAMES = ['text', 'document', 'sentence', 'review', 'comment', 'utterance', 'question', 'content', 'name']
/** Names that a column of inputs usually has, whatever the task. */
export const INPUT_NAMES: readonly string[] = [...TEXT_NAMES, 'source', 'input', 'path', 'file', 'file_name', 'word']
const LABEL_NAMES = ['label', 'labels', 'class', 'category', 'sentiment', 'intent', 'language', 'topic', 'polarity']

/**
 * Finds the columns of texts and labels: as given, by the names in the header, or, of two columns without a header, by their
 * content where that is certain. Where it is not, the text comes first, and a note says so.
 *
 * @throws HeddleError `data` when a column is not there, or cannot be told
 */
export function labeledColumns(table: CellTable, given: LabeledColumns, where: string): FoundColumns {
  if (typeof given.label === 'object') return flagColumns(table, given.label, given, where)
  const first = table.names ?? table.rows[0]?.cells ?? []
  const names = first.map((cell) => cell.trim())
  const known = { text: oneOf(names, TEXT_NAMES), label: oneOf(names, LABEL_NAMES) }
  const hasHeader =
    table.names !== undefined ||
    (given.header ??
      ([given.text, given.label].some(isName) ||
        (known.text !== undefined && known.label !== undefined) ||
        isHeader(table, { known, given, width: names.length })))
  // The names of JSON lines are no row.
  const header = hasHeader && table.names === undefined
  const isGiven = given.label !== undefined
  if (given.text !== undefined || given.label !== undefined) {
    const text = given.text === undefined ? undefined : position(given.text, names, hasHeader, table.file, where)
    const label = given.label === undefined ? undefined : position(given.label, names, hasHeader, table.file, where)
    const other = (taken: number, byName: number | undefined) =>
      (hasHeader ? byName : undefined) ?? (names.length === 2 ? 1 - taken : undefined)
    const found = {
      text: text ?? other(label!, known.text),
      label: label ?? other(text!, known.label),
    }
    if (found.text === undefined || found.label === undefined || found.text === found.label) {
      throw cannotTell(table, names, where)
    }
    return { text: found.text, label: found.label, header, isGiven, isByContent: false, notes: [] }
  }
  if (hasHeader && known.text !== undefined && known.label !== undefined) {
    return { text: known.text, label: known.label, header, isGiven, isByContent: false, notes: [] }
  }
  if (names.length !== 2) throw cannotTell(table, names, where)
  // One usual name tells both of two columns.
  if (header && (known.text !== undefined || known.label !== undefined)) {
    const text = known.text ?? 1 - known.label!
    return { text, label: 1 - text, header, isGiven, isByContent: false, notes: [] }
  }
  return { ...byContent(table, header), header, isGiven, isByContent: true }
}

/** Whether the first row of a table without the names of both columns is one of names, where its column of labels can be told. */
function isHeader(
  { rows }: CellTable,
  {
    known,
    given,
    width,
  }: { known: { text?: number | undefined; label?: number | undefined }; given: LabeledColumns; width: number },
): boolean {
  const number = Number(given.label)
  const label = Number.isInteger(number) && number >= 1 ? number - 1 : known.label
  const other = width === 2 && known.text !== undefined ? 1 - known.text : undefined
  const at = label ?? other ?? (width === 2 ? 1 : undefined)
  return at !== undefined && namesColumns(rows, at, LABEL_NAMES, known.text !== undefined)
}

/** Finds the columns of 0 and 1 of labels, whose names stand in the header. */
function flagColumns(
  table: CellTable,
  labels: readonly (string | number)[],
  given: LabeledColumns,
  where: string,
): FoundColumns {
  const first = table.names ?? table.rows[0]?.cells ?? []
  const names = first.map((cell) => cell.trim())
  const hasHeader = table.names !== undefined || given.header !== false
  const flags = new Map(
    labels.map((label) => {
      const at = position(label, names, hasHeader, table.file, where)
      return [at, hasHeader ? names[at]! : `${label}`] as const
    }),
  )
  const others = names.flatMap((_, at) => (flags.has(at) ? [] : [at]))
  const text =
    given.text === undefined
      ? ((hasHeader ? oneOf(names, TEXT_NAMES) : undefined) ?? (others.length === 1 ? others[0] : undefined))
      : position(given.text, names, hasHeader, table.file, where)
  if (text === undefined || flags.size === 0 || flags.has(text)) throw cannotTell(table, names, where)
  const header = hasHeader && table.names === undefined
  return { text, label: [...flags.keys()][0]!, flags, header, isGiven: true, isByContent: false, notes: [] }
}

const isName = (column: string | number | undefined) => typeof column === 'string' && !/^\d+$/.test(column)

function oneOf(names: readonly string[], wanted: readonly string[]): number | undefined {
  const lower = names.map((name) => name.toLowerCase())
  for (const name of wanted) {
    const at = lower.indexOf(name)
    if (at !== -1) return at
  }
  return undefined
}

/** The place of a column that is given by name, or by number from 1. @throws HeddleError `data` when it is not there */
export function columnPosition(
  table: CellTable,
  column: string | number,
  where: string,
): { at: number; header: boolean } {
  const names = (table.names ?? table.rows[0]?.cells ?? []).map((cell) => cell.trim())
  const hasHeader = table.names !== undefined || isName(column)
  return { at: position(column, names, hasHeader, table.file, where), header: hasHeader && table.names === undefined }
}

function position(
  column: string | number,
  names: readonly string[],
  hasHeader: boolean,
  file: string,
  where: string,
): number {
  if (hasHeader && typeof column === 'string') {
    const at = placeOfName(names, column)
    if (at !== -1) return at
  }
  const number = Number(column)
  if (!isName(column) && Number.isInteger(number) && number >= 1 && number <= names.length) return number - 1
  const among = hasHeader ? suggest(String(column), names) : `There are ${names.length}.`
  throw new HeddleError('data', `${where}: expected a column ${show(column)} in ${file}, got none. ${among}`)
}

function cannotTell({ file }: CellTable, names: readonly string[], where: string): HeddleError {
  return new HeddleError(
    'data',
    `${where}: expected a column of texts and one of labels in ${file}, got ${names.length} columns that start with ${show(names.join(' | '), 120)}. Name them with the settings data.text and data.label, or count them from 1.`,
  )
}

/** Fewest rows from which the content tells the columns. */
const FEWEST_ROWS = 10

/** Tells labels, which repeat, from texts, which do not. */
function byContent({ rows }: CellTable, header: boolean): Pick<FoundColumns, 'text' | 'label' | 'notes'> {
  const data = rows.slice(header ? 1 : 0).filter(({ cells }) => cells.length === 2)
  const [first, second] = [0, 1].map((column) => new Set(data.map(({ cells }) => cells[column])).size) as [
    number,
    number,
  ]
  const isLabel = (own: number, other: number) =>
    data.length >= FEWEST_ROWS && own <= data.length / 4 && other >= 3 * own
  if (isLabel(second, first)) return { text: 0, label: 1, notes: [] }
  if (isLabel(first, second)) {
    const note = `column 1 was taken for the label, as its ${first} values repeat, and column 2 for the text`
    return { text: 1, label: 0, notes: [note] }
  }
  return { text: 0, label: 1, notes: ['column 1 was taken for the text and column 2 for the label'] }
}
