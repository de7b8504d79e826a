import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { HeddleError, isHeddleError, type RandomAccessFile } from '@heddle/core'
import { FolderLock } from './folder-lock.ts'
import type { RunStore } from './run-store.ts'

/**
 * Keeps a run in a folder of the file system. A file is written beside its place, flushed to the disk and renamed. The folder is
 * made when the first file is written; if it is gone later, writing fails instead of making it again.
 */
export class FolderStore implements RunStore {
  readonly folder: string
  #written = false
  #lock: Promise<FolderLock> | undefined
  #claims = 0

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

  async open(path: string): Promise<RandomAccessFile | undefined> {
    try {
      const file = await open(join(this.folder, path), 'r')
      return {
        size: (await file.stat()).size,
        read: (begin, end) =>
          readRange(file, begin, end).catch((error) => {
            throw this.#failed('read', path, error)
          }),
        close: () => file.close(),
      }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw this.#failed('read', path, error)
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.folder, path)
    const temporary = `${target}.tmp`
    try {
      await this.#requireFolder()
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
      this.#written = true
    } catch (error) {
      // A full disk must not stay full of half a file.
      await rm(temporary, { force: true }).catch(() => {})
      throw this.#failed('write', path, error)
    }
  }

  async append(path: string, content: string | Uint8Array): Promise<void> {
    const target = join(this.folder, path)
    try {
      await this.#requireFolder()
      await mkdir(dirname(target), { recursive: true })
      const file = await open(target, 'a')
      try {
        await file.writeFile(content)
        await file.datasync()
      } finally {
        await file.close()
      }
      this.#written = true
    } catch (error) {
      throw this.#failed('append to', path, error)
    }
  }

  async remove(path: string): Promise<void> {
    try {
      await this.#requireFolder()
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

  /** Holds the file `run.lock` in the folder, which names this process. */
  async lock(): Promise<() => Promise<void>> {
    this.#claims++
    try {
      this.#lock ??= FolderLock.acquire(this.folder)
      await this.#lock
    } catch (error) {
      this.#claims--
      this.#lock = undefined
      throw this.#failed('lock', '.', error)
    }
    let released = false
    return async () => {
      if (released) return
      released = true
      if (--this.#claims > 0) return
      const lock = await this.#lock
      this.#lock = undefined
      await lock?.release()
    }
  }

  async #requireFolder(): Promise<void> {
    if (this.#lock !== undefined) await (await this.#lock).check()
    else if (this.#written && (await stat(this.folder).catch(() => undefined)) === undefined) {
      throw new HeddleError(
        'file',
        `FolderStore: expected the folder '${this.folder}', got none: it was deleted or moved. Nothing was saved since. Put it back, or train again.`,
      )
    }
  }

  #failed(action: string, path: string, error: unknown): HeddleError {
    if (isHeddleError(error)) return error
    const reason = error instanceof Error ? error.message : String(error)
    return new HeddleError(
      'file',
      `FolderStore: could not ${action} '${join(this.folder, path)}' (${reason}). Check the folder, its permissions and the free space.`,
      { cause: error },
    )
  }
}

/** A call reads at most 2 GB. */
const READ_BYTES = 2 ** 30

async function readRange(file: FileHandle, begin: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - begin)
  let read = 0
  while (read < bytes.byteLength) {
    const length = Math.min(READ_BYTES, bytes.byteLength - read)
    const { bytesRead } = await file.read(bytes, read, length, begin + read)
    if (bytesRead === 0) return bytes.slice(0, read)
    read += bytesRead
  }
  return bytes
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
