import type { MetricInfo } from '@heddle/metrics'
import type { SkippedEvent, StepEvent, ValidationEvent } from '@heddle/trainer'
import { formatDuration, formatMetric } from '@heddle/views'
import type { SingleBar } from 'cli-progress'
import type { Output } from './output.ts'
import { barsizeBeside, progressBar } from './progress-bar.ts'

/** Shows how training gets on: a bar on a terminal, a line now and then elsewhere. */
export class TrainingProgress {
  readonly #output: Output
  readonly #metrics: readonly MetricInfo[]
  readonly #unit: string
  #bar: SingleBar | undefined

  /** @param unit of the training rate */
  constructor(output: Output, metrics: readonly MetricInfo[], unit: string) {
    this.#output = output
    this.#metrics = metrics
    this.#unit = unit
  }

  step({ step, steps, loss, learningRate, gradientNorm, tokensPerSecond, elapsedMs, remainingMs }: StepEvent): void {
    const rate = `${Math.round(tokensPerSecond).toLocaleString('en')} ${this.#unit}/s`
    const left = remainingMs === undefined ? undefined : `${formatDuration(remainingMs)} left`
    if (!this.#output.interactive) {
      // Ten lines or so, and the first step as a sign of life.
      const every = Math.max(1, Math.round(steps / 10))
      if (step !== 1 && step % every !== 0) return
      this.#output.line(
        `step ${step}/${steps}  loss ${loss.toFixed(4)}  lr ${short(learningRate)}  |g| ${short(gradientNorm)}  ${rate}  ${formatDuration(elapsedMs)} gone${left === undefined ? '' : `, ${left}`}`,
      )
      return
    }
    this.#bar ??= this.#start(steps, step - 1)
    const values = { loss: loss.toFixed(4), learningRate: short(learningRate), gradientNorm: short(gradientNorm) }
    this.#bar.update(step, { ...values, rate, left: left ?? '' })
  }

  validation({ step, metrics, best }: ValidationEvent): void {
    const named = this.#metrics.filter(({ name }) => metrics[name] !== undefined)
    const text = named.map((info) => `${info.name} ${formatMetric(info, metrics[info.name]!)}`).join('  ')
    this.#line(`validation at step ${step}: ${text}${best ? '  (best so far)' : ''}`)
  }

  skipped({ step, reason }: SkippedEvent): void {
    this.#line(`step ${step} skipped: ${reason}`)
  }

  #line(line: string): void {
    if (this.#bar === undefined) {
      this.#output.line(line)
      return
    }
    // The bar is redrawn below the line.
    this.#bar.stop()
    this.#output.line(line)
    this.#bar = undefined
  }

  stop(): void {
    this.#bar?.stop()
    this.#bar = undefined
  }

  #start(steps: number, step: number): SingleBar {
    const barsize = barsizeBeside(84, this.#output.columns)
    const format = '{bar} {value}/{total}  loss {loss}  lr {learningRate}  |g| {gradientNorm}  {rate}  {left}'
    const bar = progressBar(format, this.#output.stream, barsize)
    bar.start(steps, step, { loss: '-', learningRate: '-', gradientNorm: '-', rate: '-', left: '' })
    return bar
  }
}

const short = (value: number) => `${Number(value.toPrecision(3))}`
