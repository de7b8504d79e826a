import { formatCount } from '@heddle/views'
import { Presets, SingleBar } from 'cli-progress'
import type { LineInput } from './row-input.ts'

/** Shows on a terminal how far a file is read, on stderr, as the rows may go to stdout. */
export class RowProgress {
  readonly #input: LineInput
  #bar: SingleBar | undefined

  constructor(input: LineInput) {
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
    const bar = new SingleBar(
      {
        format: '{bar} {percentage} %  {rows} rows  {eta_formatted} left',
        stream: process.stderr,
        barsize: 36,
        clearOnComplete: true,
        stopOnComplete: false,
        hideCursor: true,
        gracefulExit: false,
        fps: 8,
      },
      Presets.shades_classic,
    )
    bar.start(size, 0, { rows: '0' })
    return bar
  }
}
