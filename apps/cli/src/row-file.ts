import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { HeddleError } from '@heddle/core'
import { type Row, type RowFormat, rowFormat } from '@heddle/data'

/** The name of standard output. */
export const STANDARD_OUTPUT = '-'

/**
 * A file of rows that is there as a whole or not at all: it is written beside its place under the name `FILE.partial` and renamed
 * at the end. Standard output, `-`, is tab-separated.
 */
export class RowFile {
  readonly path: string
  readonly #format: RowFormat
  readonly #option: string
  #file: FileHandle | undefined
  #columns: readonly string[] | undefined
  readonly #left = new Set<string>()
  #rows = 0

  /** @param option names the file, for messages; its extension tells the format */
  constructor(path: string, option: string) {
    this.path = path
    this.#option = option
    this.#format = path === STANDARD_OUTPUT ? rowFormat('.tsv', option) : rowFormat(path, option)
  }

  /** Number of rows that were written. */
  get rows(): number {
    return this.#rows
  }

  /** Whether the first rows name the columns of all. */
  get isTable(): boolean {
    return this.#format.header !== undefined
  }

  /** Names of columns that only later rows have, and that the file therefore does not hold. */
  get left(): readonly string[] {
    return [...this.#left]
  }

  get partial(): string {
    return `${this.path}.partial`
  }

  /** A row as the format holds it, so that columns can be named. */
  flat(row: Row): Row {
    return this.#format.flat(row)
  }

  /**
   * Writes rows; the first ones name the columns.
   *
   * @throws HeddleError `file` when the file cannot be written
   */
  async write(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return
    const isFirst = this.#columns === undefined
    this.#columns ??= [...new Set(rows.flatMap((row) => Object.keys(this.#format.flat(row))))]
    const columns = this.#columns
    const lines = rows.map((row) => {
      const flat = this.#format.flat(row)
      if (this.isTable) for (const name of Object.keys(flat)) if (!columns.includes(name)) this.#left.add(name)
      return this.#format.line(flat, columns)
    })
    if (isFirst && this.#format.header !== undefined) lines.unshift(this.#format.header(this.#columns))
    await this.#attempt(() => this.#append(lines.join('')))
    this.#rows += rows.length
  }

  /** Ends the file and gives it its name. */
  async finish(): Promise<void> {
    await this.#attempt(async () => {
      if (this.#file === undefined) return
      await this.#file.sync()
      await this.#close()
      await rename(this.partial, this.path)
    })
  }

  /** Ends the file under its partial name, to look at. */
  async stop(): Promise<void> {
    await this.#attempt(() => this.#close())
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    if (this.#file === undefined) return
    await this.#close().catch(() => undefined)
    await rm(this.partial, { force: true })
  }

  async #append(text: string): Promise<void> {
    if (this.path === STANDARD_OUTPUT) {
      await new Promise<void>((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())))
      return
    }
    await mkdir(dirname(resolve(this.path)), { recursive: true })
    this.#file ??= await open(this.partial, 'w')
    await this.#file.writeFile(text)
  }

  async #close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (cause) {
      throw new HeddleError(
        'file',
        `${this.#option}: expected to write ${this.path}, got ${(cause as Error).message}. Choose another file.`,
        { cause },
      )
    }
  }
}
