import { closeSync, openSync, readSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core'
import { LineSplitter } from './line-splitter.ts'

const CHUNK_BYTES = 1 << 18

/** Text files that are read line by line, never as a whole. */
export class TextFiles {
  readonly paths: readonly string[]
  /** The size of all files. */
  readonly totalBytes: number
  readonly #onRead: ((bytes: number, lines: number) => void)[] = []
  #bytes = 0
  #lines = 0

  private constructor(paths: readonly string[], totalBytes: number) {
    this.paths = paths
    this.totalBytes = totalBytes
  }

  /**
   * The files that --data names: files, or all files of a folder.
   *
   * @throws HeddleError `file` for a path that is not there, or a folder without files; `usage` without a path
   */
  static async find(paths: readonly string[]): Promise<TextFiles> {
    if (paths.length === 0) throw new HeddleError('usage', '--data: expected text files, got none. Write --data FILE….')
    const found: string[] = []
    let totalBytes = 0
    for (const path of paths) {
      const info = await stat(path).catch(() => undefined)
      if (info === undefined) {
        throw new HeddleError('file', `--data: expected a file or folder, got none at ${path}. Check the path.`)
      }
      if (!info.isDirectory()) {
        found.push(path)
        totalBytes += info.size
        continue
      }
      const entries = await readdir(path, { recursive: true, withFileTypes: true })
      const inside = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
      if (inside.length === 0) {
        throw new HeddleError('file', `--data: expected files in ${path}, got an empty folder. Name another.`)
      }
      for (const file of inside.sort()) {
        found.push(file)
        totalBytes += (await stat(file)).size
      }
    }
    return new TextFiles(found, totalBytes)
  }

  /** What was read so far. */
  get bytes(): number {
    return this.#bytes
  }

  get lines(): number {
    return this.#lines
  }

  /** Calls `listener` after each chunk. */
  onRead(listener: (bytes: number, lines: number) => void): void {
    this.#onRead.push(listener)
  }

  /** @throws HeddleError `file` for a file that cannot be read, `format` for one that is not UTF-8 */
  *[Symbol.iterator](): Generator<string, void> {
    this.#bytes = 0
    this.#lines = 0
    for (const path of this.paths) yield* this.#linesOf(path)
  }

  *#linesOf(path: string): Generator<string, void> {
    const file = this.#attempt(path, () => openSync(path, 'r'))
    try {
      const splitter = new LineSplitter(path)
      const chunk = new Uint8Array(CHUNK_BYTES)
      for (;;) {
        const read = this.#attempt(path, () => readSync(file, chunk))
        const lines = read === 0 ? splitter.finish() : splitter.push(chunk.subarray(0, read))
        this.#bytes += read
        this.#lines += lines.length
        yield* lines
        for (const listener of this.#onRead) listener(this.#bytes, this.#lines)
        if (read === 0) return
      }
    } finally {
      closeSync(file)
    }
  }

  #attempt<T>(path: string, action: () => T): T {
    try {
      return action()
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new HeddleError(
        'file',
        `--data: expected a readable file, got an error at ${path}: ${reason}. Check the file.`,
        { cause },
      )
    }
  }
}
