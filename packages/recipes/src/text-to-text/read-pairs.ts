import { HeddleError } from '@heddle/core'
import { decodeText, parseCsv, parseJsonl, parseTsv } from '@heddle/data'
import { z } from 'zod'
import { type DataFile, type DataSource, onlyFile } from '../data-source.ts'
import type { ReadExamples } from '../recipe.ts'
import type { WritingExample } from '../writing/exact-match.ts'

/** What the two columns, or the two fields of a JSON line, may be called. */
export interface PairNames {
  readonly source: readonly string[]
  readonly target: readonly string[]
}

interface Pairs {
  readonly rows: readonly WritingExample<string>[]
  /** Rows without a text on one side. */
  readonly empty: number
}

/**
 * Pairs of texts from one file: `.csv` with a header, `.jsonl`, or tab-separated with or without a header. Rows without a text
 * on one side are left out and counted in the notes.
 *
 * @param where the recipe, for messages
 * @throws HeddleError `data` or `format`
 */
export async function readPairs(
  source: DataSource,
  names: PairNames,
  where: string,
): Promise<ReadExamples<WritingExample<string>>> {
  const file = onlyFile(source, where)
  const text = decodeText(await file.bytes(), file.name)
  const { rows, empty } = read(file, text, names)
  if (rows.length === 0) {
    throw new HeddleError('data', `${file.name}: expected pairs of texts, got none. Check the file.`)
  }
  return { examples: rows, notes: empty > 0 ? [`${empty} rows without text on one side were left out`] : [] }
}

function read(file: DataFile, text: string, names: PairNames): Pairs {
  if (/\.jsonl?$/i.test(file.name)) return fromJsonLines(file, text, names)
  const isCsv = /\.csv$/i.test(file.name)
  const [firstLine = ''] = text.split(/\r?\n/, 1)
  const header = firstLine.split(isCsv ? ',' : '\t').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const columns = namedColumns(header, names)
  if (columns !== undefined) {
    const options = { file: file.name, header: true, columns: [columns.source, columns.target] }
    const { rows } = isCsv ? parseCsv(text, options) : parseTsv(text, options)
    return withText(
      rows.map((row) => ({
        source: (row as Record<string, string>)[columns.source]!,
        target: (row as Record<string, string>)[columns.target]!,
      })),
    )
  }
  if (isCsv) {
    throw new HeddleError(
      'format',
      `${file.name}:1: expected columns ${names.source.join(' or ')} and ${names.target.join(' or ')}, got ${header.join(', ')}. Name them in the first row.`,
    )
  }
  const { rows } = parseTsv(text, { file: file.name, columns: ['source', 'target'], moreColumns: 'ignore' })
  return withText(rows)
}

function namedColumns(header: readonly string[], names: PairNames): { source: string; target: string } | undefined {
  const find = (wanted: readonly string[]) =>
    header.find((cell) => wanted.some((name) => name.toLowerCase() === cell.toLowerCase()))
  const [source, target] = [find(names.source), find(names.target)]
  return source === undefined || target === undefined ? undefined : { source, target }
}

function fromJsonLines(file: DataFile, text: string, names: PairNames): Pairs {
  const { rows } = parseJsonl(text, { file: file.name, schema: z.record(z.string(), z.unknown()) })
  return withText(
    rows.map((row, i) => {
      const columns = namedColumns(Object.keys(row), names)
      const [source, target] = columns === undefined ? [] : [row[columns.source], row[columns.target]]
      if (typeof source !== 'string' || typeof target !== 'string') {
        throw new HeddleError(
          'format',
          `${file.name}:${i + 1}: expected texts named ${names.source.join(' or ')} and ${names.target.join(' or ')}, got ${Object.keys(row).join(', ')}. Correct the line.`,
        )
      }
      return { source, target }
    }),
  )
}

function withText(rows: readonly WritingExample<string>[]): Pairs {
  const filled = rows.filter(({ source, target }) => source.trim() !== '' && target.trim() !== '')
  return { rows: filled, empty: rows.length - filled.length }
}
