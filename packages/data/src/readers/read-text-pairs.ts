import { HeddleError, show } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { delimiterOf } from '../formats/delimiter.ts'
import { csvHeader, parseCsv } from '../formats/parse-csv.ts'
import { jsonLines } from '../formats/parse-jsonl.ts'
import { parseTsv } from '../formats/parse-tsv.ts'
import { type Parsed, RowCollector } from '../formats/parsed.ts'
import { dataFiles, onlyFile } from '../sources/data-files.ts'
import type { DataFile, DataSource } from '../sources/data-source.ts'
import { type FileOfSplit, splitOfFiles } from '../splits/split-of-files.ts'
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
  readonly names: PairNames
}

/**
 * Reads pairs of texts from a table: `.csv` with a header, JSON lines, or tab-separated text with or without a header. Several files
 * are read when their names tell a split, such as `train.tsv` and `dev.tsv`.
 *
 * Rows without text on one side are left out and counted in the notes.
 *
 * @throws HeddleError `data` when there are no pairs, `format` for malformed files
 */
export async function readTextPairs(
  source: DataSource,
  { where, names, malformed = 'error' }: TextPairsOptions,
): Promise<ReadExamples<TextPair>> {
  const { files: chosen, notes: fileNotes } = dataFiles(source)
  const { files, by, notes: splitNotes } = splitOfFiles(chosen)
  const tables = by === undefined ? [{ file: onlyFile({ name: source.name, files: chosen }, where) }] : files
  const examples: TextPair[] = []
  const notes = [...fileNotes, ...splitNotes]
  for (const { file, split } of tables as readonly FileOfSplit[]) {
    const { rows, skipped } = read(file, decodeText(await file.bytes(), file.name), names, malformed)
    const filled = rows.filter((row) => row.source.trim() !== '' && row.target.trim() !== '')
    for (const row of filled) examples.push(split === undefined ? row : { ...row, split })
    if (skipped.length > 0) notes.push(`${skipped.length} rows left out; the first: ${skipped[0]!.message}`)
    const empty = rows.length - filled.length
    if (empty > 0) notes.push(`${empty} rows without text on one side were left out`)
  }
  if (examples.length === 0) {
    throw new HeddleError('data', `${where}: expected pairs of texts in ${source.name}, got none. Check the file.`)
  }
  return { examples, notes }
}

function read({ name: file }: DataFile, text: string, names: PairNames, malformed: 'error' | 'skip'): Parsed<TextPair> {
  if (/\.(jsonl?|ndjson)$/i.test(file)) return fromJsonLines(file, text, names, malformed)
  const delimiter = delimiterOf(file, text)
  const isCsv = delimiter !== '\t'
  const header = isCsv ? csvHeader(text, delimiter) : tsvHeader(text)
  const columns = namedColumns(header, names)
  if (columns !== undefined) {
    const { source, target } = columns
    const options = { file, header: true, columns: [source, target], malformed }
    const { rows, skipped } = isCsv ? parseCsv(text, { ...options, delimiter }) : parseTsv(text, options)
    return { rows: rows.map((row) => ({ source: row[source]!, target: row[target]! })), skipped }
  }
  if (isCsv) {
    throw new HeddleError(
      'format',
      `${file}:1: expected columns ${listed(names)}, got ${show(header.slice(0, 80).join(', '), 120)}. Name them in the first row.`,
    )
  }
  return parseTsv(text, { file, columns: ['source', 'target'], moreColumns: 'ignore', malformed })
}

/** The cells of the first line that is not blank. */
function tsvHeader(text: string): string[] {
  return (/[^\r\n]+/.exec(text)?.[0] ?? '').split('\t')
}

const listed = ({ source, target }: PairNames) => `${source.join(' or ')} and ${target.join(' or ')}`

function namedColumns(header: readonly string[], names: PairNames): { source: string; target: string } | undefined {
  const find = (wanted: readonly string[]) =>
    header.find((cell) => wanted.some((name) => name.toLowerCase() === cell.trim().toLowerCase()))
  const [source, target] = [find(names.source), find(names.target)]
  return source === undefined || target === undefined ? undefined : { source, target }
}

function fromJsonLines(file: string, text: string, names: PairNames, malformed: 'error' | 'skip'): Parsed<TextPair> {
  const collector = new RowCollector<TextPair>({ file, malformed })
  for (const { line, value, problem } of jsonLines(text)) {
    const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
    const columns = namedColumns(Object.keys(fields), names)
    const [source, target] = columns === undefined ? [] : [fields[columns.source], fields[columns.target]]
    if (typeof source === 'string' && typeof target === 'string') collector.add({ source, target })
    else {
      const got = show(Object.keys(fields).join(', '), 120)
      collector.malformed(line, problem ?? `expected texts named ${listed(names)}, got the fields ${got}.`)
    }
  }
  return collector.result()
}
