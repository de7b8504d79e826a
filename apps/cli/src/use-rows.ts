import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HeddleError } from '@heddle/core'
import { dataFiles, decodeText, type Row, type StreamedRow, streamRows, type WantedColumns } from '@heddle/data'
import { type InputReader, type InputRow, type InputSource, joinPair } from '@heddle/tasks'
import { dataPaths, fileAt } from './data-files.ts'
import type { RowInput } from './row-input.ts'

/** An input of a use, with the columns that go beside its result. */
export interface UseRow {
  readonly line?: number
  readonly cells: Row
  /** The text to read, or the path of the file; empty where the row has no input. */
  readonly text: string
  /** The input as the pipeline reads it, where it was read already. */
  readonly read?: unknown
  /** The reason why it cannot be read, if so. */
  readonly problem?: string
}

/** File and line of a row, for messages. */
export const placeOf = ({ line, cells }: UseRow, name: string): string =>
  line === undefined ? String(cells['path'] ?? name) : `${name}:${line}`

/** The columns of a table, and further settings of the run's data. */
export interface UseColumns {
  readonly wanted: Omit<WantedColumns, 'file'>
  readonly settings: Readonly<Record<string, unknown>>
}

const PICTURE_OR_SOUND = /\.(png|wav)$/i

/**
 * The inputs of a file, a folder or standard input, one by one: rows of a table or lines, files of a folder, or what a format of the
 * task's own holds.
 */
export async function* useRows(
  input: RowInput,
  reader: InputReader<unknown>,
  { wanted, settings }: UseColumns,
): AsyncGenerator<UseRow> {
  if (input.isFolder) {
    yield* filesOf(input.path, reader)
    return
  }
  if (reader.kind === 'file' && PICTURE_OR_SOUND.test(input.path)) {
    yield { cells: { path: input.path }, text: input.path }
    return
  }
  let source: InputSource = { name: input.name, settings, lines: () => input.lines(), bytes: () => input.bytes() }
  const own = (await reader.readAll?.(source)) ?? { source }
  if ('rows' in own) {
    for await (const row of own.rows) yield withMalformed(ownRow(row), row, input)
    return
  }
  source = own.source
  if (reader.kind === 'text' && reader.lines === 'one input') {
    yield { cells: {}, text: decodeText(await source.bytes(), input.name) }
    return
  }
  for await (const row of streamRows(source.lines(), { ...wanted, file: input.name })) {
    yield withMalformed(await tableRow(row, reader, input), row, input)
  }
}

function ownRow({ line, cells, input, problem }: InputRow<unknown>): UseRow {
  const place = { ...(line !== undefined && { line }), cells }
  if (problem !== undefined) return { ...place, text: '', problem }
  return input === undefined ? { ...place, text: '' } : { ...place, text: '…', read: input }
}

async function tableRow(row: StreamedRow, reader: InputReader<unknown>, { path }: RowInput): Promise<UseRow> {
  const { line, cells, inputs, problem } = row
  if (problem !== undefined) return { line, cells, text: '', problem }
  const [text = '', pair = ''] = inputs
  if (reader.kind === 'pair') {
    if (text.trim() === '' || pair.trim() === '') return { line, cells, text: '' }
    return { line, cells, text: joinPair(text, pair), read: reader.read([text, pair]) }
  }
  return { line, cells, text: reader.kind === 'file' && text !== '' ? await besideTable(text, path) : text }
}

/** A line of a row is not UTF-8. */
function withMalformed<R extends UseRow>(
  row: R,
  { line, lastLine = line }: { readonly line?: number; readonly lastLine?: number },
  { malformed }: RowInput,
): R {
  if (malformed.size === 0 || line === undefined) return row
  for (let each = line; each <= lastLine!; each++) {
    if (malformed.delete(each)) return { ...row, problem: 'expected UTF-8, got other bytes.' }
  }
  return row
}

/** The path of a file that a table names, from where the command runs or else from where the table lies. */
async function besideTable(path: string, table: string): Promise<string> {
  const exists = async (each: string) => (await stat(each).catch(() => undefined)) !== undefined
  const beside = join(dirname(table), path)
  return !(await exists(path)) && (await exists(beside)) ? beside : path
}

/** The files of a folder, or the folders in it for inputs that are folders themselves. */
async function* filesOf(folder: string, reader: InputReader<unknown>): AsyncGenerator<UseRow> {
  const paths = await dataPaths([folder], '--input')
  if (reader.kind === 'file' && reader.isFolder === true) {
    const folders = new Set(paths.filter((path) => PICTURE_OR_SOUND.test(path)).map((path) => dirname(path)))
    for (const path of folders) yield { cells: { path }, text: path }
    if (folders.size > 0) return
  }
  const files = paths.map((path) => fileAt(path, '--input'))
  const { files: chosen } = dataFiles({ name: folder, files })
  const fits = reader.kind === 'file' ? PICTURE_OR_SOUND : /(\.txt|(^|[/\\])[^./\\]+)$/i
  const fitting = chosen.filter(({ name }) => fits.test(name))
  if (fitting.length === 0) {
    const expected = reader.kind === 'file' ? 'pictures (PNG) or recordings (WAV)' : 'text files (.txt)'
    throw new HeddleError(
      'data',
      `--input: expected ${expected} in the folder ${folder}, got none. Name another folder or a file.`,
    )
  }
  for (const file of fitting) {
    const cells = { path: file.name }
    if (reader.kind === 'file') {
      yield { cells, text: file.name }
      continue
    }
    yield await textOf(file, cells)
  }
}

async function textOf(file: { readonly name: string; bytes(): Promise<Uint8Array> }, cells: Row): Promise<UseRow> {
  try {
    return { cells, text: decodeText(await file.bytes(), file.name).trim() }
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error
    return { cells, text: '', problem: error.message }
  }
}
