import { readFile } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import { decodeText } from './formats/decode-text.ts'
import { type ConlluSentence, parseConllu } from './formats/parse-conllu.ts'
import { type CsvOptions, parseCsv } from './formats/parse-csv.ts'
import { type IdxArray, parseIdx } from './formats/parse-idx.ts'
import { type JsonlOptions, parseJsonl } from './formats/parse-jsonl.ts'
import { type LinesOptions, parseLines } from './formats/parse-lines.ts'
import { parseTsv } from './formats/parse-tsv.ts'
import { parseWav, type Wav } from './formats/parse-wav.ts'
import type { Parsed, ParseOptions } from './formats/parsed.ts'
import type { Columns, TableOptions, TableRow } from './formats/table.ts'

// Every reader uses the path as the name for messages, unless the caller gives another name.

/** Reads the bytes of a file. @throws HeddleError `file` when it cannot be read */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HeddleError('file', `${path}: expected a readable file, got ${reasonOf(cause)}`, { cause })
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return 'none. Check the path.'
  if (code === 'EISDIR') return 'a folder. Name a file in it.'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission. Change its access rights.'
  return `${cause instanceof Error ? cause.message : cause}. Check the path.`
}

/** Reads the text of a UTF-8 file, without a byte order mark. */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path), path)
}

/** @see parseLines */
export async function readLines(path: string, options: LinesOptions = {}): Promise<Parsed<string>> {
  return parseLines(await readBytes(path), { file: path, ...options })
}

/** @see parseTsv */
export async function readTsv<const C extends Columns = readonly string[]>(
  path: string,
  options: TableOptions<C>,
): Promise<Parsed<TableRow<C>>> {
  return parseTsv(await readBytes(path), { file: path, ...options })
}

/** @see parseCsv */
export async function readCsv<const C extends Columns = readonly string[]>(
  path: string,
  options: CsvOptions<C> = {},
): Promise<Parsed<TableRow<C>>> {
  return parseCsv(await readBytes(path), { file: path, ...options })
}

/** @see parseJsonl */
export async function readJsonl<T = unknown>(path: string, options: JsonlOptions<T> = {}): Promise<Parsed<T>> {
  return parseJsonl(await readBytes(path), { file: path, ...options })
}

/** @see parseConllu */
export async function readConllu(path: string, options: ParseOptions = {}): Promise<Parsed<ConlluSentence>> {
  return parseConllu(await readBytes(path), { file: path, ...options })
}

/** @see parseIdx */
export async function readIdx(path: string): Promise<IdxArray> {
  return parseIdx(await readBytes(path), { file: path })
}

/** @see parseWav */
export async function readWav(path: string): Promise<Wav> {
  return parseWav(await readBytes(path), { file: path })
}
