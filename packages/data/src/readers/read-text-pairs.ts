import { HeddleError } from '@heddle/core'
import { decodeText } from '../formats/decode-text.ts'
import { csvHeader, parseCsv } from '../formats/parse-csv.ts'
import { parseJsonl } from '../formats/parse-jsonl.ts'
import { parseTsv } from '../formats/parse-tsv.ts'
import { type DataFile, type DataSource, onlyFile } from '../sources/data-source.ts'
import type { ReadExamples, SplitExample } from './read-examples.ts'

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

export interface TextPairsOptions {
  /** The caller's name, for messages. */
  readonly where: string
  readonly names: PairNames
}

/**
 * Reads pairs of texts from one file: `.csv` with a header, `.jsonl`, or tab-separated text with or without a header.
 *
 * Rows without text on one side are left out and counted in the notes.
 *
 * @throws HeddleError `data` when there are no pairs, `format` for malformed files
 */
export async function readTextPairs(
  source: DataSource,
  { where, names }: TextPairsOptions,
): Promise<ReadExamples<TextPair>> {
  const file = onlyFile(source, where)
  const rows = read(file, decodeText(await file.bytes(), file.name), names)
  const examples = rows.filter((row) => row.source.trim() !== '' && row.target.trim() !== '')
  if (examples.length === 0) {
    throw new HeddleError('data', `${file.name}: expected pairs of texts, got none. Check the file.`)
  }
  const empty = rows.length - examples.length
  return { examples, notes: empty > 0 ? [`${empty} rows without text on one side were left out`] : [] }
}

function read({ name: file }: DataFile, text: string, names: PairNames): TextPair[] {
  if (/\.(jsonl?|ndjson)$/i.test(file)) return fromJsonLines(file, text, names)
  const isCsv = /\.csv$/i.test(file)
  const header = isCsv ? csvHeader(text) : text.slice(0, lineEnd(text)).split('\t')
  const columns = namedColumns(header, names)
  if (columns !== undefined) {
    const { source, target } = columns
    const options = { file, header: true, columns: [source, target] }
    const { rows } = isCsv ? parseCsv(text, options) : parseTsv(text, options)
    return rows.map((row) => ({ source: row[source]!, target: row[target]! }))
  }
  if (isCsv) {
    throw new HeddleError(
      'format',
      `${file}:1: expected columns ${listed(names)}, got ${header.join(', ')}. Name them in the first row.`,
    )
  }
  return parseTsv(text, { file, columns: ['source', 'target'], moreColumns: 'ignore' }).rows
}

function lineEnd(text: string): number {
  const at = text.search(/[\r\n]/)
  return at === -1 ? text.length : at
}

const listed = ({ source, target }: PairNames) => `${source.join(' or ')} and ${target.join(' or ')}`

function namedColumns(header: readonly string[], names: PairNames): { source: string; target: string } | undefined {
  const find = (wanted: readonly string[]) =>
    header.find((cell) => wanted.some((name) => name.toLowerCase() === cell.trim().toLowerCase()))
  const [source, target] = [find(names.source), find(names.target)]
  return source === undefined || target === undefined ? undefined : { source, target }
}

function fromJsonLines(file: string, text: string, names: PairNames): TextPair[] {
  return parseJsonl(text, { file }).rows.map((row, i) => {
    const fields = typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : {}
    const columns = namedColumns(Object.keys(fields), names)
    const [source, target] = columns === undefined ? [] : [fields[columns.source], fields[columns.target]]
    if (typeof source !== 'string' || typeof target !== 'string') {
      throw new HeddleError(
        'format',
        `${file}:${i + 1}: expected texts named ${listed(names)}, got ${Object.keys(fields).join(', ') || 'none'}. Correct the line.`,
      )
    }
    return { source, target }
  })
}
