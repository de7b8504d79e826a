import { HeddleError } from '@heddle/core'
import { distinctNames, type Row } from '@heddle/data'
import type { Use } from '@heddle/tasks'
import type { RowFile } from './row-file.ts'
import { placeOf, type UseRow } from './use-rows.ts'

export interface ResultWriterOptions {
  /** Name of the use, for messages. */
  readonly use: string
  readonly apply: Use
  /** Name of the input, for messages. */
  readonly input: string
  readonly signal: AbortSignal
  /** Receives the place and the reason of the first rows that cannot be read. */
  onProblem(message: string): void
}

interface Result {
  readonly row: UseRow
  own?: Row
  error?: HeddleError
}

/** Problems that are told one by one. */
const SHOWN = 5
/** Rows without a result from which on none is expected. */
const HOPELESS = 1000

/**
 * Applies a use to rows and writes them with their results, in their order. Rows without an input have no result, nor have those that
 * cannot be read; JSON lines hold the reason as `error`.
 */
export class ResultWriter {
  readonly #file: RowFile
  readonly #options: ResultWriterOptions
  /** Rows before the first result, which names the columns. */
  #waiting: Result[] = []
  #hasResults = false
  #empty = 0
  #unread = 0

  constructor(file: RowFile, options: ResultWriterOptions) {
    this.#file = file
    this.#options = options
  }

  /** Number of rows without an input. */
  get empty(): number {
    return this.#empty
  }

  /** Number of rows that could not be read. */
  get unread(): number {
    return this.#unread
  }

  /** @throws HeddleError the first problem, where no row at all has a result */
  async write(rows: readonly UseRow[]): Promise<void> {
    const { input } = this.#options
    const results = rows.map((row): Result => {
      const { problem } = row
      return problem === undefined
        ? { row }
        : { row, error: new HeddleError('format', `${placeOf(row, input)}: ${problem}`) }
    })
    await this.#apply(results.filter(({ row, error }) => error === undefined && row.text.trim() !== ''))
    this.#waiting.push(...results)
    this.#hasResults ||= results.some(({ own }) => own !== undefined)
    if (this.#hasResults) await this.#flush()
    else if (this.#waiting.filter(({ error }) => error !== undefined).length > HOPELESS) this.finish()
  }

  /** @throws HeddleError the first problem, where no row has a result, or `data` for an input without rows */
  finish(): void {
    if (this.#hasResults) return
    const problem = this.#waiting.find(({ error }) => error !== undefined)?.error
    if (problem !== undefined) throw problem
    throw new HeddleError(
      'data',
      `--input: expected rows in ${this.#options.input}, got an empty file. Check the file.`,
    )
  }

  async #flush(): Promise<void> {
    const results = this.#waiting
    this.#waiting = []
    for (const { own, error } of results) {
      if (error !== undefined && this.#unread++ < SHOWN) this.#options.onProblem(error.message)
      if (error === undefined && own === undefined) this.#empty++
    }
    await this.#file.write(
      results.map(({ row, own, error }) => {
        if (own !== undefined) return joined(row.cells, this.#file.flat(own))
        return joined(row.cells, error === undefined || this.#file.isTable ? {} : { error: error.message })
      }),
    )
  }

  /** Applies the use to all rows together, and by halves where it fails, to find the rows at fault. */
  async #apply(results: readonly Result[]): Promise<void> {
    if (results.length === 0) return
    const { use, apply, signal, input } = this.#options
    const isRead = results.every(({ row }) => row.read !== undefined)
    let rows: readonly Row[] | undefined
    try {
      const texts = results.map(({ row }) => row.text)
      rows = (await apply(texts, isRead ? { read: results.map(({ row }) => row.read) } : {})).rows
    } catch (error) {
      if (signal.aborted || !(error instanceof HeddleError)) throw error
      if (results.length === 1) {
        const [result] = results
        result!.error = new HeddleError(error.code, `${placeOf(result!.row, input)}: ${error.message}`, {
          cause: error,
        })
        return
      }
      const half = Math.ceil(results.length / 2)
      await this.#apply(results.slice(0, half))
      await this.#apply(results.slice(half))
      return
    }
    if (rows === undefined) {
      throw new HeddleError('usage', `${use}: expected no --output, as its results are no rows. Leave it out.`)
    }
    for (const [i, result] of results.entries()) result.own = rows[i]!
  }
}

/** The cells of a row, then those of its result; where both have a column of one name, the result's has a number. */
function joined(cells: Row, result: Row): Row {
  const names = distinctNames([...Object.keys(cells), ...Object.keys(result)])
  const values = [...Object.values(cells), ...Object.values(result)]
  return Object.fromEntries(names.map((name, i) => [name, values[i]]))
}
