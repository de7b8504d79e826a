import { HeddleError } from '@heddle/core'
import { gunzip } from '../formats/gunzip.ts'
import { baseName } from './base-name.ts'
import type { DataFile, DataSource } from './data-source.ts'

/** Files that accompany data and hold none. */
const DOCUMENT = /^_?(about|licen[cs]e|notice|readme|copying|authors|citation|changelog)(\.\w{1,10})?$/i
/** Folders that programs leave behind. */
const LEFT_BEHIND = /(^|[/\\])(\.ipynb_checkpoints|__MACOSX|\.git)[/\\]/

export interface DataFiles {
  readonly files: readonly DataFile[]
  readonly notes: readonly string[]
}

/** IDX files are unpacked by their reader, which knows their size. */
const PACKED = /^(?!.*(?:idx\d|ubyte)).*\.gz$/i

/** A file packed by gzip as the one in it, whose name has no `.gz`; any other as it is. */
function unpacked(file: DataFile): DataFile {
  if (!PACKED.test(baseName(file.name))) return file
  return { name: file.name.slice(0, -3), bytes: async () => gunzip(await file.bytes(), { file: file.name }) }
}

/**
 * Returns the files of a source that may hold data, those packed by gzip unpacked. Hidden files are ignored. Licenses and the like, and
 * files that do not fit, are left out and named in a note. A single file is taken whatever it is called.
 *
 * @param fits the names that the reader takes. Default: all.
 */
export function dataFiles({ files: packed }: DataSource, fits: (name: string) => boolean = () => true): DataFiles {
  const files = packed.map(unpacked)
  if (files.length === 1) return { files, notes: [] }
  const visible = files.filter(({ name }) => !baseName(name).startsWith('.') && !LEFT_BEHIND.test(name))
  const chosen = visible.filter(({ name }) => !DOCUMENT.test(baseName(name)) && fits(baseName(name)))
  const isChosen = new Set(chosen)
  const others = visible.filter((file) => !isChosen.has(file))
  return { files: chosen, notes: others.length > 0 ? [leftOut(others, 'as holding no data')] : [] }
}

const MOST_NAMES = 5

/** A note on files that were left out. */
export function leftOut(files: readonly DataFile[], reason: string): string {
  return `left out ${reason}: ${namesOf(files)}`
}

/** The names of files for people, the first few of many. */
function namesOf(files: readonly DataFile[]): string {
  const names = files.slice(0, MOST_NAMES).map(({ name }) => baseName(name))
  return `${names.join(', ')}${files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : ''}`
}

/**
 * Returns the source's only file.
 *
 * @param where the caller's name, for messages
 * @throws HeddleError `data` when there are several files, or none
 */
export function onlyFile({ name, files }: DataSource, where: string): DataFile {
  const [file] = files
  if (file !== undefined && files.length === 1) return file
  const got = file === undefined ? `none in ${name}` : `${files.length} in ${name}: ${namesOf(files)}`
  throw new HeddleError('data', `${where}: expected one data file, got ${got}. Name a single file.`)
}
