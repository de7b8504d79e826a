import { concatenate } from '@heddle/core'
import * as z from 'zod'
import type { TrainingRecorder } from '../recorder.ts'
import type { RunStore } from '../run/run-store.ts'
import { checkState } from '../run/state-file.ts'
import type { SkippedEvent, StepEvent, ValidationEvent } from '../trainer-options.ts'
import type { ValuesEvent } from '../values/value-watch.ts'
import { eventRecord } from './event-record.ts'
import {
  histogramValue,
  imageValue,
  type PngPicture,
  type SummaryValue,
  scalarValue,
  startEvent,
  textValue,
  valuesEvent,
  versionEvent,
} from './summary.ts'

const FLUSH_MS = 1000
const EVENT_FILE = /^events\.out\.tfevents\.(\d+)\.heddle$/

/** Place up to which the files belong to a checkpoint. */
const savedState = z.object({ tensorboard: z.object({ file: z.string().regex(EVENT_FILE), bytes: z.int().min(0) }) })

/**
 * Records a training as TensorBoard's event files in the store of a run: scalars of steps and validations, histograms of weights and
 * gradients, texts and pictures.
 *
 * Each process writes a file of its own, which a crash may leave with half a record at its end; readers leave that out. A resumed
 * run cuts the files at its checkpoint, and opens the next one with a session start, at which a TensorBoard that had read further
 * drops the later steps.
 */
export class TensorBoard implements TrainingRecorder {
  readonly name = 'tensorboard'
  readonly #store: RunStore
  #file: string | undefined
  /** Bytes of the file that are written whole. */
  #bytes = 0
  #pending: Uint8Array[] = []
  readonly #opening: SummaryValue[] = []
  #flushed = 0
  /** Whether a failed write may have left a part of a record. */
  #torn = false

  constructor(store: RunStore) {
    this.#store = store
  }

  /** Whether the store has event files of a run that was recorded before. */
  static async exists(store: RunStore): Promise<boolean> {
    return (await eventFiles(store)).length > 0
  }

  async start(checkpoint: number | undefined, state: unknown): Promise<void> {
    const files = await eventFiles(this.#store)
    const last = files.at(-1)
    const place = state === undefined ? undefined : checkState(savedState, { tensorboard: state }).tensorboard
    if (checkpoint === undefined) for (const file of files) await this.#store.remove(file)
    else if (place !== undefined) {
      for (const file of files) if (file > place.file) await this.#store.remove(file)
      await this.#cut(place.file, place.bytes)
    }
    // In the order of their names the files are read, so that a clock that goes wrong must not decide it.
    const second = Math.max(Math.floor(Date.now() / 1000), last === undefined ? 0 : secondOf(last) + 1)
    this.#file = `events.out.tfevents.${`${second}`.padStart(10, '0')}.heddle`
    const now = Date.now() / 1000
    const isFirst = checkpoint === undefined || (place === undefined && last === undefined)
    this.#pending = [eventRecord(versionEvent(now)), eventRecord(startEvent(now, (checkpoint ?? -1) + 1))]
    if (isFirst && this.#opening.length > 0) this.#pending.push(eventRecord(valuesEvent(now, 0, this.#opening)))
    await this.flush()
  }

  step(event: StepEvent): Promise<void> {
    const { step, epoch, loss, metrics, learningRate, gradientNorm, tokensPerSecond } = event
    return this.#add(
      step,
      scalars('training', { loss, ...metrics, learningRate, gradientNorm, tokensPerSecond, epoch }),
    )
  }

  skipped({ step, epoch, loss, gradientNorm, learningRate }: SkippedEvent): Promise<void> {
    return this.#add(step, scalars('training', { loss, learningRate, gradientNorm, epoch }))
  }

  async validation({ step, metrics }: ValidationEvent): Promise<void> {
    await this.#add(step, scalars('validation', metrics))
    await this.flush()
  }

  async values({ step, weights, gradients }: ValuesEvent): Promise<void> {
    const ofKind = (kind: string, samples: ValuesEvent['weights']) =>
      [...samples].map(([path, sample]) => histogramValue(`${kind}/${path}`, sample))
    await this.#add(step, [...ofKind('weights', weights), ...ofKind('gradients', gradients)])
  }

  /** @param values by name; a tag is `group/name` */
  async scalars(group: string, values: Readonly<Record<string, number>>, step: number): Promise<void> {
    await this.#add(step, scalars(group, values))
  }

  /**
   * Adds a text in Markdown that the run has from its beginning, such as its configuration. It is given before the run is trained,
   * and left out where an earlier part of the run was recorded.
   */
  introduce(tag: string, markdown: string): void {
    this.#opening.push(textValue(tag, markdown))
  }

  /** Adds a text in Markdown. */
  async text(tag: string, markdown: string, step: number): Promise<void> {
    await this.#add(step, [textValue(tag, markdown)])
  }

  async image(tag: string, picture: PngPicture, step: number): Promise<void> {
    await this.#add(step, [imageValue(tag, picture)])
  }

  async checkpoint(): Promise<unknown> {
    await this.flush()
    return { file: this.#file, bytes: this.#bytes }
  }

  /** Writes what was gathered; after a failure it is kept for the next time. */
  async flush(): Promise<void> {
    this.#flushed = performance.now()
    if (this.#file === undefined || this.#pending.length === 0) return
    if (this.#torn) await this.#cut(this.#file, this.#bytes)
    const bytes = concatenate(Uint8Array, this.#pending)
    this.#torn = true
    await this.#store.append(this.#file, bytes)
    this.#torn = false
    this.#pending = []
    this.#bytes += bytes.length
  }

  async #add(step: number, values: readonly SummaryValue[]): Promise<void> {
    if (values.length === 0) return
    this.#pending.push(eventRecord(valuesEvent(Date.now() / 1000, step, values)))
    if (performance.now() - this.#flushed > FLUSH_MS) await this.flush()
  }

  async #cut(file: string, bytes: number): Promise<void> {
    const content = await this.#store.read(file)
    if (content !== undefined && content.length > bytes) await this.#store.write(file, content.subarray(0, bytes))
  }
}

const scalars = (group: string, values: Readonly<Record<string, number>>): SummaryValue[] =>
  Object.entries(values).map(([name, value]) => scalarValue(`${group}/${name}`, value))

const eventFiles = async (store: RunStore) => (await store.list('')).filter((path) => EVENT_FILE.test(path)).sort()

const secondOf = (file: string) => Number(EVENT_FILE.exec(file)![1])
