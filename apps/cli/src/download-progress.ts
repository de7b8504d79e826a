import type { DownloadProgress as Progress } from '@heddle/hub/node'
import type { SingleBar } from 'cli-progress'
import type { Output } from './output.ts'
import { barsizeBeside, progressBar } from './progress-bar.ts'

/** Bytes from which on a download is worth a line. */
const LARGE = 1e6
/** Parts of a download after which a line is written where no bar can move. */
const PARTS = 4

/** Shows how a download gets on: a bar on a terminal, a line now and then elsewhere. */
export class DownloadProgress {
  readonly #output: Output
  #part = 0
  #bar: SingleBar | undefined

  constructor(output: Output) {
    this.#output = output
  }

  update({ file, received, total }: Progress): void {
    if (this.#output.interactive) {
      this.#bar ??= this.#start()
      this.#bar.setTotal(total ?? received)
      this.#bar.update(received, {
        file,
        size: `${megabytes(received)} of ${total === undefined ? '?' : megabytes(total)} MB`,
      })
      return
    }
    if (total === undefined || total < LARGE) return
    const part = Math.floor((PARTS * received) / total)
    if (part <= this.#part) return
    this.#part = part
    this.#output.line(`download ${Math.round((100 * received) / total)} % of ${megabytes(total)} MB  ${file}`)
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #start(): SingleBar {
    const barsize = barsizeBeside(72, this.#output.columns)
    const format = '{bar} {percentage} %  {size}  {eta_formatted} left  {file}'
    const bar = progressBar(format, this.#output.stream, barsize)
    bar.start(0, 0, { file: '', size: '' })
    return bar
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
