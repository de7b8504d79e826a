import type { TrainingRecorder } from './recorder.ts'
import type { RunLog } from './run/run-log.ts'
import type { SkippedEvent, StepEvent, TrainerOptions, ValidationEvent } from './trainer-options.ts'
import { gradientHistogram, groupedByModule, weightHistogram } from './values/module-histograms.ts'
import type { ValueSample } from './values/value-sample.ts'
import { isWatched, type ValuesEvent, ValueWatch } from './values/value-watch.ts'

/** Validations of which all are shown, which costs more than to watch the values. */
const SHOWN = 4

/** Passes the events of a training to its log and its recorders. */
export class TrainingRecord {
  readonly #log: RunLog | undefined
  readonly #recorders: readonly TrainingRecorder[]
  readonly #logEvery: number
  readonly #logsHistograms: boolean
  readonly #watch: ValueWatch | undefined

  // biome-ignore lint/suspicious/noExplicitAny: examples and batches do not matter here
  constructor(options: TrainerOptions<any, any>, log: RunLog | undefined) {
    const { model, recorders = [], logEvery = 1, logHistograms = false } = options
    this.#log = log
    this.#recorders = recorders
    this.#logEvery = logEvery
    this.#logsHistograms = logHistograms && log !== undefined
    if (this.#logsHistograms || recorders.some(({ values }) => values !== undefined))
      this.#watch = new ValueWatch(model)
  }

  async start(checkpoint: number | undefined, states: Readonly<Record<string, unknown>>): Promise<void> {
    for (const recorder of this.#recorders) await recorder.start(checkpoint, states[recorder.name])
  }

  async step(event: StepEvent): Promise<void> {
    const { steps: _, remainingMs: __, ...line } = event
    if (event.step % this.#logEvery === 0) await this.#log?.add({ event: 'step', ...line })
    for (const recorder of this.#recorders) await recorder.step?.(event)
  }

  async skipped(event: SkippedEvent, elapsedMs: number): Promise<void> {
    await this.#log?.add({ event: 'skipped', ...event, elapsedMs })
    for (const recorder of this.#recorders) await recorder.skipped?.(event)
  }

  async validation(event: ValidationEvent, elapsedMs: number): Promise<void> {
    await this.#log?.add({ event: 'validation', ...event, elapsedMs })
    await this.#log?.flush()
    for (const recorder of this.#recorders) await recorder.validation?.(event)
  }

  async demonstrate(step: number, evaluateEvery: number, steps: number, signal?: AbortSignal): Promise<void> {
    if (!isWatched(step, evaluateEvery, steps, SHOWN)) return
    for (const recorder of this.#recorders) await recorder.demonstrate?.(step, signal)
  }

  /** Looks at the weights and gradients of a step; undefined where nobody wants to know them. */
  watch(step: number, evaluateEvery: number, steps: number): ValueWatch | undefined {
    return isWatched(step, evaluateEvery, steps) ? this.#watch : undefined
  }

  async values(event: ValuesEvent): Promise<void> {
    if (this.#logsHistograms) {
      const { step, weights, gradients } = event
      await this.#log?.add({
        event: 'histograms',
        step,
        weights: byModule(weights, weightHistogram),
        gradients: byModule(gradients, gradientHistogram),
      })
    }
    for (const recorder of this.#recorders) await recorder.values?.(event)
  }

  async flush(): Promise<void> {
    await this.checkpoint()
  }

  /** Makes log and records durable; returns how far they are. */
  async checkpoint(): Promise<{ logBytes: number; recorders: Record<string, unknown> }> {
    await this.#log?.flush()
    const recorders: Record<string, unknown> = {}
    for (const recorder of this.#recorders) recorders[recorder.name] = await recorder.checkpoint()
    return { logBytes: this.#log?.bytes ?? 0, recorders }
  }
}

const byModule = <H>(samples: ReadonlyMap<string, ValueSample>, histogram: (samples: readonly ValueSample[]) => H) =>
  Object.fromEntries(
    [...groupedByModule([...samples.keys()])].map(([name, paths]) => [
      name,
      histogram(paths.map((path) => samples.get(path)!)),
    ]),
  )
