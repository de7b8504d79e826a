import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { concatenate, HeddleError } from '@heddle/core'
import { utf16Of } from '@heddle/data'
import { LineSplitter } from './tokenizer/line-splitter.ts'

/** IDX files are unpacked by their reader. */
const isPacked = (path: string) => /\.gz$/i.test(path) && !/idx\d|ubyte/i.test(path)

/** A file, packed by gzip or not, a folder, or standard input; of the first and the last the lines, read as they are needed. */
export class RowInput {
  readonly path: string
  /** Without the `.gz` of a packed file. */
  readonly name: string
  /** Number of bytes; undefined where it is not known. */
  readonly size: number | undefined
  readonly isFolder: boolean
  /** Numbers of the lines that are not UTF-8, which have replacement characters. */
  readonly malformed = new Set<number>()
  #read = 0

  private constructor(path: string, size: number | undefined, isFolder = false) {
    this.path = path
    this.name = path === '-' ? 'standard input' : isPacked(path) ? path.slice(0, -3) : path
    this.size = size
    this.isFolder = isFolder
  }

  /**
   * @param path '-' for standard input
   * @param option names the file, for messages
   * @throws HeddleError `file` for a file that is not there
   */
  static async open(path: string, option: string): Promise<RowInput> {
    if (path === '-') return new RowInput(path, undefined)
    try {
      const info = await stat(path)
      return new RowInput(path, info.isFile() ? info.size : undefined, info.isDirectory())
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      const got = code === 'ENOENT' ? `none at ${path}` : `an error at ${path}: ${message}`
      throw new HeddleError('file', `${option}: expected a readable file, got ${got}. Check the path.`, { cause })
    }
  }

  /** Number of bytes that were read. */
  get read(): number {
    return this.#read
  }

  async *lines(): AsyncGenerator<string> {
    const splitter = new LineSplitter(this.name, (line) => this.malformed.add(line))
    let decoder: TextDecoder | undefined
    let isFirst = true
    for await (const bytes of this.#chunks()) {
      const wide = isFirst ? utf16Of(bytes) : undefined
      if (wide !== undefined) decoder = new TextDecoder(wide)
      isFirst = false
      const text = decoder?.decode(bytes, { stream: true })
      yield* splitter.push(text === undefined ? bytes : new TextEncoder().encode(text))
    }
    const last = splitter.finish()
    // A file without any line feed may end its lines with CR alone.
    if (splitter.lines === 1 && last[0]?.includes('\r')) yield* last[0].replace(/\r$/, '').split('\r')
    else yield* last
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of this.#chunks()) chunks.push(chunk)
    return concatenate(Uint8Array, chunks)
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    if (!isPacked(this.path)) {
      yield* this.#raw()
      return
    }
    const unpacked = createGunzip()
    pipeline(Readable.from(this.#raw()), unpacked, () => undefined)
    try {
      yield* unpacked as AsyncIterable<Uint8Array>
    } catch (cause) {
      const { message } = cause as Error
      throw new HeddleError('format', `${this.path}: expected gzip, got ${message}. Fetch the file again.`, { cause })
    }
  }

  async *#raw(): AsyncGenerator<Uint8Array> {
    const stream = this.path === '-' ? process.stdin : createReadStream(this.path, { highWaterMark: 2 ** 18 })
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      this.#read += chunk.length
      yield chunk
    }
  }
}
