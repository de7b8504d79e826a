import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { HeddleError } from '@heddle/core'
import type { RunStore } from './run-store.ts'

/**
 * A run as a folder of the file system. A file is written beside its place, flushed to the disk and renamed; the folder is
 * made when the first file is written.
 */
export class FolderStore implements RunStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(join(this.folder, path))
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw this.#failed('read', path, error)
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.folder, path)
    const temporary = `${target}.tmp`
    try {
      await mkdir(dirname(target), { recursive: true })
      const file = await open(temporary, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, target)
      await syncFolder(dirname(target))
    } catch (error) {
      throw this.#failed('write', path, error)
    }
  }

  async append(path: string, text: string): Promise<void> {
    const target = join(this.folder, path)
    try {
      await mkdir(dirname(target), { recursive: true })
      const file = await open(target, 'a')
      try {
        await file.writeFile(text)
        await file.datasync()
      } finally {
        await file.close()
      }
    } catch (error) {
      throw this.#failed('append to', path, error)
    }
  }

  async remove(path: string): Promise<void> {
    try {
      await rm(join(this.folder, path), { force: true })
    } catch (error) {
      throw this.#failed('remove', path, error)
    }
  }

  async list(folder: string): Promise<string[]> {
    try {
      const entries = await readdir(join(this.folder, folder), { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => relative(this.folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
    } catch (error) {
      if (isMissing(error)) return []
      throw this.#failed('list', folder, error)
    }
  }

  #failed(action: string, path: string, error: unknown): HeddleError {
    const reason = error instanceof Error ? error.message : String(error)
    return new HeddleError(
      'file',
      `FolderStore: could not ${action} '${join(this.folder, path)}' (${reason}). Check the folder, its permissions and the free space.`,
      { cause: error },
    )
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** Makes a rename durable; some systems (Windows) cannot open folders, and there the rename is durable by itself. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (folder === undefined) return
  try {
    await folder.sync()
  } catch (error) {
    if (!['EPERM', 'EINVAL', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await folder.close()
  }
}
