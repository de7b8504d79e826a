import type { Stats } from 'node:fs'
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { DataFile, DataSource } from '@heddle/data'
import type { GivenData } from '@heddle/tasks'

const WHERE = '--data'

/** The options --data, --validation and --test of a command. */
export interface DataOptions {
  readonly data: readonly string[]
  readonly validation?: readonly string[]
  readonly test?: readonly string[]
}

/**
 * Returns the paths of the files that --data names: a file, several, or all files of a folder and the folders in it. Links are
 * followed, hidden files and folders in a folder ignored.
 *
 * @throws HeddleError `file` for a path that is not there or no regular file, a folder without files, and links that form a loop
 */
export async function dataPaths(paths: readonly string[], where = WHERE): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    if (!(await statOf(path, where)).isDirectory()) {
      found.push(path)
      continue
    }
    const inside = await filesIn(path, [], where)
    if (inside.length === 0) {
      throw new HeddleError(
        'file',
        `${where}: expected files in ${path}, got an empty folder. Name a folder that holds data.`,
      )
    }
    // One by one: a folder may hold more files than a call takes arguments.
    for (const file of inside.sort()) found.push(file)
  }
  return found
}

/**
 * Returns the files of {@link dataPaths} as a source, or undefined without a path.
 *
 * @param where the option that names them, for messages
 */
export async function dataSource(paths: readonly string[], where = WHERE): Promise<DataSource | undefined> {
  if (paths.length === 0) return undefined
  const files = (await dataPaths(paths, where)).map((path) => fileAt(path, where))
  return { name: paths.map((path) => basename(path)).join(', '), files, paths: paths.map((path) => resolve(path)) }
}

/**
 * Returns the files that the options of a new run name.
 *
 * @throws HeddleError `usage` for held-out parts without --data
 */
export async function givenData({ data, validation = [], test = [] }: DataOptions): Promise<GivenData> {
  if (data.length === 0 && (validation.length > 0 || test.length > 0)) {
    const option = validation.length > 0 ? '--validation' : '--test'
    throw new HeddleError('usage', `train ${option}: expected --data beside it, got none. Name the data to learn from.`)
  }
  return {
    source: await dataSource(data),
    validation: await dataSource(validation, '--validation'),
    test: await dataSource(test, '--test'),
  }
}

/** @param parents real paths of the folders that the folder lies in, by way of links too */
async function filesIn(folder: string, parents: readonly string[], where: string): Promise<string[]> {
  const real = await realpath(folder)
  if (parents.includes(real)) {
    throw new HeddleError(
      'file',
      `${where}: expected folders without loops, got ${folder}, a link to a folder that it lies in. Remove the link.`,
    )
  }
  const found: string[] = []
  for (const name of await namesIn(folder, where)) {
    if (name.startsWith('.')) continue
    const path = join(folder, name)
    const info = await statOf(path, where)
    if (info.isDirectory()) for (const file of await filesIn(path, [...parents, real], where)) found.push(file)
    else found.push(path)
  }
  return found
}

async function namesIn(folder: string, where: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    throw unreadable(folder, `${where}: expected a file or folder`, cause)
  }
}

/** Follows links. Refuses what would block or never end, such as a pipe. */
async function statOf(path: string, where: string): Promise<Stats> {
  let info: Stats
  try {
    info = await stat(path)
  } catch (cause) {
    throw unreadable(path, `${where}: expected a file or folder`, cause)
  }
  checkKind(path, where, info)
  return info
}

function checkKind(path: string, where: string, info: Stats): void {
  if (info.isFile() || info.isDirectory()) return
  const kind = info.isFIFO() ? 'a pipe' : info.isSocket() ? 'a socket' : 'a device'
  throw new HeddleError(
    'file',
    `${where}: expected a file or folder, got ${kind} at ${path}. Write its content to a file first.`,
  )
}

/**
 * Returns a file, or a folder with its files, by its path. It is read once, when it is first needed.
 *
 * @param where the option or command that names the file, for messages
 */
export function fileAt(path: string, where: string): DataFile {
  const attempt = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      checkKind(path, where, await stat(path))
      return await read()
    } catch (cause) {
      throw cause instanceof HeddleError ? cause : unreadable(path, `${where}: expected a readable file`, cause)
    }
  }
  const files = async () => {
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) return undefined
    return (await dataPaths([path], where)).map((inside) => fileAt(inside, where))
  }
  let content: Promise<Uint8Array> | undefined
  return {
    name: path,
    bytes: () => (content ??= attempt(async () => new Uint8Array(await readFile(path)))),
    files,
    pieces: {
      size: () => attempt(async () => (await stat(path)).size),
      read: (start, end) => attempt(() => readRange(path, start, end, where)),
    },
  }
}

/** @throws HeddleError `file` for a file that has become shorter */
async function readRange(path: string, start: number, end: number, where: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const bytes = new Uint8Array(end - start)
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
      if (bytesRead === 0) {
        throw new HeddleError(
          'file',
          `${where}: expected ${end} bytes in ${path}, got ${start + at}: the file has become shorter while it was read. Start again.`,
        )
      }
      at += bytesRead
    }
    return bytes
  } finally {
    await file.close()
  }
}

function unreadable(path: string, expected: string, cause: unknown): HeddleError {
  const { code, message } = cause as NodeJS.ErrnoException
  const got =
    code === 'ENOENT'
      ? `none at ${path}`
      : code === 'EISDIR'
        ? `the folder ${path}`
        : code === 'ELOOP'
          ? `links that form a loop at ${path}`
          : `an error at ${path}: ${message}`
  return new HeddleError('file', `${expected}, got ${got}. Check the path.`, { cause })
}
