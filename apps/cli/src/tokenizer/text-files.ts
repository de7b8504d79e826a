import { closeSync, openSync, readSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import { dataPaths } from '../data-files.ts'
import { LineSplitter } from './line-splitter.ts'

const CHUNK_BYTES = 1 << 18

/** Text files that are read line by line, never as a whole. */
export class TextFiles {
  readonly paths: readonly string[]
  /** Size of all files together. */
  readonly totalBytes: number
  readonly #onRead: ((bytes: number, lines: number) => void)[] = []
  #bytes = 0
  #lines = 0

  private constructor(paths: readonly string[], totalBytes: number) {
    this.paths = paths
    this.totalBytes = totalBytes
  }

  /**
   * Returns the files that --data names.
   *
   * @see dataPaths
   * @throws HeddleError `file` for paths that cannot be read, `usage` without a path
   */
  static async find(paths: readonly string[]): Promise<TextFiles> {
    if (paths.length === 0) throw new HeddleError('usage', '--data: expected text files, got none. Write --data FILE….')
    const found = await dataPaths(paths)
    let totalBytes = 0
    for (const path of found) totalBytes += (await stat(path)).size
    return new TextFiles(found, totalBytes)
  }

  /** Number of bytes read so far. */
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
