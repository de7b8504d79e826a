import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { DataFile, DataSource } from '@heddle/data'

/**
 * The files that --data names: a file, several, or all files of a folder.
 *
 * @throws HeddleError `file` for a path that is not there, or a folder without files
 */
export async function dataSource(paths: readonly string[]): Promise<DataSource | undefined> {
  if (paths.length === 0) return undefined
  const files: DataFile[] = []
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined)
    if (info === undefined) {
      throw new HeddleError('file', `--data: expected a file or folder, got none at ${path}. Check the path.`)
    }
    if (info.isDirectory()) {
      const entries = await readdir(path, { recursive: true, withFileTypes: true })
      const inside = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      if (inside.length === 0) throw new HeddleError('file', `--data: expected files in ${path}, got an empty folder.`)
      files.push(...inside.sort().map((file) => fileAt(file, '--data')))
    } else files.push(fileAt(path, '--data'))
  }
  return { name: paths.map((path) => basename(path)).join(', '), files }
}

/**
 * A file by its path, read once when it is first needed.
 *
 * @param where what the file was named by, for messages
 */
export function fileAt(path: string, where: string): DataFile {
  let content: Promise<Uint8Array> | undefined
  const read = async () => {
    try {
      return new Uint8Array(await readFile(path))
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      const got =
        code === 'ENOENT'
          ? `none at ${path}`
          : code === 'EISDIR'
            ? `the folder ${path}`
            : `an error at ${path}: ${message}`
      throw new HeddleError('file', `${where}: expected a readable file, got ${got}. Check the path.`, { cause })
    }
  }
  return { name: path, bytes: () => (content ??= read()) }
}
