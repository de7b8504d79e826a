import { HeddleError, show } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { delimiterOf } from '../formats/delimiter.ts'
import { csvHeader, parseCsv } from '../formats/parse-csv.ts'
import { jsonLines } from '../formats/parse-jsonl.ts'
import { parseTsv } from '../formats/parse-tsv.ts'
import { type Parsed, RowCollector } from '../formats/parsed.ts'
import { isQuotedTsv } from '../formats/quoted-tsv.ts'
import { comparable } from '../formats/same-name.ts'
import { dataFiles, onlyFile } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { type FileOfSplit, splitOfFiles } from '../splits/split-of-files.ts'
import { columnPosition } from './labeled-columns.ts'
import type { ReadExamples, RowsOptions, SplitExample } from './read-examples.ts'

/** Two texts that belong together, such as a sentence and its translation. */
export interface TextPair extends SplitExample {
  readonly source: string
  readonly target: string
}

/** Names that the two columns, or the two fields of a JSON line, may have. Case does not matter. */
export interface PairNames {
  readonly source: readonly string[]
  readonly target: readonly string[]
}

export interface TextPairsOptions extends RowsOptions {
  /** Usual names of the columns. */
  readonly names: PairNames
  /** The column of sources by name, or by number from 1 (default: by its usual names). */
  readonly source?: string | number | undefined
  /** The column of targets likewise; or several columns, each with a right target of the source. */
  readonly target?: string | number | readonly (string | number)[] | undefined
  /** Whether the first row of a table names the columns (default: if it has the names that are looked for). */
  readonly header?: boolean | undefined
}

/**
 * Reads pairs of texts from a table: `.csv` with a header, JSON lines, or tab-separated text with or without a header. Several files
 * are read when their names tell a split, such as `train.tsv` and `dev.tsv`.
 *
 * A source with several targets, in several columns or in a list of a JSON line, is several examples. The fields of a JSON line may be
 * those of its field `translation`, as in files of transformers.
 *
 * Rows without text on one side are left out and counted in the notes.
 *
 * @throws HeddleError `data` when there are no pairs, `format` for malformed files
 */
export async function readTextPairs(source: DataSource, options: TextPairsOptions): Promise<ReadExamples<TextPair>> {
  const { where } = options
  const { files: chosen, notes: fileNotes } = dataFiles(source)
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const tables = by === undefined ? [{ file: onlyFile({ name: source.name, files: chosen }, where) }] : files
  const examples: TextPair[] = []
  const notes = [...fileNotes, ...splitNotes]
  let left = 0
  for (const { file, split } of tables as readonly FileOfSplit[]) {
    const { rows, skipped } = read(file, decodeText(await file.bytes(), file.name), options)
    const filled = rows.filter((row) => row.source.trim() !== '' && row.target.trim() !== '')
    for (const row of filled) examples.push(split === undefined ? row : { ...row, split })
    if (skipped.length > 0) notes.push(`${skipped.length} rows left out; the first: ${skipped[0]!.message}`)
    const empty = rows.length - filled.length
    left += skipped.length + empty
    if (empty > 0) notes.push(`${empty} rows without text on one side were left out`)
  }
  if (examples.length === 0) {
    throw new HeddleError('data', `${where}: expected pairs of texts in ${source.name}, got none. Check the file.`)
  }
  return { examples, notes, ...(left > 0 && { left }) }
}

function read({ name: file }: DataFile, text: string, options: TextPairsOptions): Parsed<TextPair> {
  return /\.(jsonl?|ndjson)$/i.test(file) ? fromJsonLines(file, text, options) : fromTable(file, text, options)
}

const listed = ({ source, target }: PairNames) => `${source.join(' or ')} and ${target.join(' or ')}`

/** Names of the columns of a table whose first row has none. */
const SOURCE = 'source'
const targetName = (i: number) => `target ${i + 1}`

function fromTable(file: string, text: string, options: TextPairsOptions): Parsed<TextPair> {
  const { malformed = 'error' } = options
  const delimiter = delimiterOf(file, text)
  const isCsv = delimiter !== '\t'
  const isQuoted = isCsv || isQuotedTsv(text)
  const first = isQuoted ? csvHeader(text, delimiter) : tsvHeader(text)
  const { source, targets, header } = tableColumns(file, first, isCsv, options)
  const named = header
    ? { source: first[source]!, targets: targets.map((at) => first[at]!) }
    : { source: SOURCE, targets: targets.map((_, i) => targetName(i)) }
  const columns = header
    ? [named.source, ...named.targets]
    : Array.from({ length: Math.max(source, ...targets) + 1 }, (_, at) =>
        at === source ? SOURCE : targets.includes(at) ? targetName(targets.indexOf(at)) : null,
      )
  const table = { file, header, columns, malformed, ...(!header && { moreColumns: 'ignore' as const }) }
  const { rows, skipped } = isQuoted ? parseCsv(text, { ...table, delimiter }) : parseTsv(text, table)
  const pairs = rows.flatMap((row) => {
    const filled = named.targets.map((name) => row[name]!).filter((target) => target.trim() !== '')
    const kept = filled.length > 0 ? filled : ['']
    return kept.map((target) => ({ source: row[named.source]!, target }))
  })
  return { rows: pairs, skipped }
}

/** The cells of the first line that is not blank. */
function tsvHeader(text: string): string[] {
  return (/[^\r\n]+/.exec(text)?.[0] ?? '').split('\t')
}

/**
 * The columns of a table, counted from 0, and whether its first row names them.
 *
 * @throws HeddleError `data` when a column that is asked for is not there, `format` when the columns cannot be told
 */
function tableColumns(
  file: string,
  first: readonly string[],
  isCsv: boolean,
  { where, names, source, target, header: given }: TextPairsOptions,
): { readonly source: number; readonly targets: readonly number[]; readonly header: boolean } {
  const usual = { source: usualColumn(first, names.source), target: usualColumn(first, names.target) }
  const wanted = [source, target].flat().filter((column) => column !== undefined)
  const hasUsual = usual.source !== undefined && usual.target !== undefined
  const header = given ?? (wanted.some((column) => Number.isNaN(Number(column))) || hasUsual)
  const table = { file, names: header ? first : undefined, rows: [{ line: 1, cells: first }] }
  const place = (column: string | number) => columnPosition(table, column, where).at
  const at = {
    source: source === undefined ? (header ? usual.source : undefined) : place(source),
    targets: target === undefined ? (header ? usual.target : undefined) : [target].flat().map(place),
  }
  const targets = at.targets === undefined ? undefined : [at.targets].flat()
  // Of two columns the other one.
  const other = (taken: number | undefined) => (first.length === 2 && taken !== undefined ? 1 - taken : undefined)
  const isBare = wanted.length === 0 && !header && (!isCsv || given === false)
  const found = {
    source: at.source ?? other(targets?.[0]) ?? (isBare ? 0 : undefined),
    targets: targets ?? (other(at.source) === undefined ? (isBare ? [1] : undefined) : [other(at.source)!]),
  }
  if (found.source !== undefined && found.targets !== undefined && !found.targets.includes(found.source)) {
    return { source: found.source, targets: found.targets, header }
  }
  throw new HeddleError(
    'format',
    `${file}:1: expected columns ${listed(names)}, got ${show(first.slice(0, 80).join(', '), 120)}. Name them in the first row, or with the settings data.source and data.target, by name or by number from 1.`,
  )
}

function usualColumn(cells: readonly string[], wanted: readonly string[]): number | undefined {
  const at = cells.findIndex((cell) => wanted.some((name) => comparable(name) === comparable(cell)))
  return at === -1 ? undefined : at
}

function fromJsonLines(file: string, text: string, options: TextPairsOptions): Parsed<TextPair> {
  const { malformed = 'error' } = options
  const wanted = {
    source: options.source === undefined ? options.names.source : [`${options.source}`],
    targets: options.target === undefined ? [options.names.target] : [options.target].flat().map((name) => [`${name}`]),
  }
  const collector = new RowCollector<TextPair>({ file, malformed })
  for (const { line, value, problem } of jsonLines(text)) {
    const fields = fieldsOf(value)
    const names = Object.keys(fields)
    const textOf = (columns: readonly string[]) => {
      const at = usualColumn(names, columns)
      return at === undefined ? undefined : fields[names[at]!]
    }
    const source = textOf(wanted.source)
    const targets = wanted.targets.flatMap((columns) => [textOf(columns)].flat())
    if (typeof source === 'string' && targets.length > 0 && targets.every((target) => typeof target === 'string')) {
      for (const target of targets) collector.add({ source, target })
      continue
    }
    const expected = listed({ source: wanted.source, target: wanted.targets.flat() })
    const got = show(names.join(', '), 120)
    collector.malformed(line, problem ?? `expected texts named ${expected}, got the fields ${got}.`)
  }
  return collector.result()
}

/** The fields of a line, or those of the two languages in it. */
function fieldsOf(value: unknown): Record<string, unknown> {
  const isFields = (each: unknown): each is Record<string, unknown> => typeof each === 'object' && each !== null
  if (!isFields(value)) return {}
  return isFields(value['translation']) ? value['translation'] : value
}
