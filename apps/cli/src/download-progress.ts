import type { DownloadProgress as Progress } from '@heddle/hub/node'
import { Presets, SingleBar } from 'cli-progress'
import type { Output } from './output.ts'

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
    const bar = new SingleBar(
      {
        format: '{bar} {percentage} %  {size}  {eta_formatted} left  {file}',
        stream: this.#output.stream,
        barsize: Math.max(10, Math.min(36, this.#output.columns - 72)),
        clearOnComplete: true,
        stopOnComplete: false,
        hideCursor: true,
        // Ctrl-C keeps what has arrived; the bar must not leave the process.
        gracefulExit: false,
        fps: 8,
      },
      Presets.shades_classic,
    )
    bar.start(0, 0, { file: '', size: '' })
    return bar
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)
