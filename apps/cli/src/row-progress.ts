import { formatCount } from '@heddle/views'
import type { SingleBar } from 'cli-progress'
import { progressBar } from './progress-bar.ts'
import type { RowInput } from './row-input.ts'

/** Shows on a terminal how far a file is read, on stderr, as the rows may go to stdout. */
export class RowProgress {
  readonly #input: RowInput
  #bar: SingleBar | undefined

  constructor(input: RowInput) {
    this.#input = input
  }

  update(rows: number): void {
    const { size, read } = this.#input
    if (!process.stderr.isTTY || size === undefined) return
    this.#bar ??= this.#start(size)
    this.#bar.update(read, { rows: formatCount(rows) })
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #start(size: number): SingleBar {
    const bar = progressBar('{bar} {percentage} %  {rows} rows  {eta_formatted} left', process.stderr, 36)
    bar.start(size, 0, { rows: '0' })
    return bar
  }
}
