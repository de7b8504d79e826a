import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { HeddleError } from '@heddle/core'
import { LineSplitter } from './tokenizer/line-splitter.ts'

/** The lines of a file or of standard input, read as they are needed. */
export class LineInput {
  readonly name: string
  /** Number of bytes; undefined where it is not known. */
  readonly size: number | undefined
  readonly #path: string
  #read = 0

  private constructor(path: string, size: number | undefined) {
    this.#path = path
    this.name = path === '-' ? 'standard input' : path
    this.size = size
  }

  /**
   * @param path '-' for standard input
   * @param option names the file, for messages
   * @throws HeddleError `file` for a file that is not there
   */
  static async open(path: string, option: string): Promise<LineInput> {
    if (path === '-') return new LineInput(path, undefined)
    try {
      const info = await stat(path)
      if (info.isDirectory()) throw new HeddleError('file', `${option}: expected a file, got the folder ${path}.`)
      return new LineInput(path, info.isFile() ? info.size : undefined)
    } catch (cause) {
      if (cause instanceof HeddleError) throw cause
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
    const splitter = new LineSplitter(this.name)
    const stream = this.#path === '-' ? process.stdin : createReadStream(this.#path, { highWaterMark: 2 ** 18 })
    for await (const chunk of stream) {
      this.#read += (chunk as Uint8Array).length
      yield* splitter.push(chunk as Uint8Array)
    }
    yield* splitter.finish()
  }
}
