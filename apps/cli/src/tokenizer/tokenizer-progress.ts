import type { TrainingProgress } from '@heddle/tokenizer'
import { formatCount } from '@heddle/views'
import { Presets, SingleBar } from 'cli-progress'
import type { Output } from '../output.ts'

/** Steps of a stage between which a line is written where no bar can move. */
const PARTS = 4

/** Shows how the training of a tokenizer gets on: a bar for each stage on a terminal, a line now and then elsewhere. */
export class TokenizerProgress {
  readonly #output: Output
  #stage = ''
  #part = 0
  #bar: SingleBar | undefined

  constructor(output: Output) {
    this.#output = output
  }

  update({ stage, done, total = 0 }: TrainingProgress, note = ''): void {
    if (stage !== this.#stage) {
      this.stop()
      this.#stage = stage
      this.#part = 0
    }
    if (this.#output.interactive) {
      this.#bar ??= this.#start(total)
      this.#bar.setTotal(total)
      this.#bar.update(done, { stage, note })
      return
    }
    const part = total === 0 ? 0 : Math.floor((PARTS * done) / total)
    if (part <= this.#part) return
    this.#part = part
    this.#output.line(`${stage} ${Math.round((100 * done) / total)} %  ${note || formatCount(done)}`)
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #start(total: number): SingleBar {
    const bar = new SingleBar(
      {
        format: '{bar} {percentage} %  {stage}  {note}',
        stream: this.#output.stream,
        barsize: Math.max(10, Math.min(36, this.#output.columns - 48)),
        clearOnComplete: true,
        stopOnComplete: false,
        // Training does not yield: only what update itself draws is seen, and Ctrl-C must leave the terminal as it was.
        synchronousUpdate: true,
        hideCursor: false,
        linewrap: true,
        gracefulExit: false,
        fps: 8,
      },
      Presets.shades_classic,
    )
    bar.start(total, 0, { stage: this.#stage, note: '' })
    return bar
  }
}
