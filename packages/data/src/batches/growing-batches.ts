import { HeddleError, show } from '@heddle/core'
import type { EndlessBatches } from './endless-batches.ts'

/** A batch size that grows in a straight line from `from` to the full one over this share of the steps. */
export interface BatchRamp {
  readonly from: number
  readonly share: number
}

/** Size of the batch at `step` (from 0) of `steps`. */
export function batchSizeAt(batchSize: number, ramp: BatchRamp | undefined, step: number, steps: number): number {
  if (ramp === undefined) return batchSize
  const done = Math.min(1, step / Math.max(1, ramp.share * steps))
  return Math.round(ramp.from + (batchSize - ramp.from) * done)
}

interface State {
  readonly kind: 'growing-batches'
  readonly step: number
  /** The source before the batch that is dealt out. */
  readonly source: unknown
  /** Number of parts of it that were taken. */
  readonly taken: number
  readonly parts: number
}

/**
 * Deals out each batch of a source in equal parts, fewer and larger ones as training goes on, so that the first batches are small
 * and every example still comes once in an epoch.
 *
 * @see Smith et al. 2018, "Don't decay the learning rate, increase the batch size"
 */
export class GrowingBatches<E> implements EndlessBatches<E> {
  readonly #source: EndlessBatches<E>
  readonly #sizeAt: (step: number) => number
  #step = 0
  #before: unknown
  #batch: readonly E[] = []
  #parts = 1
  #taken = 1

  /** @param sizeAt size that the batch of a step (from 0) should have */
  constructor(source: EndlessBatches<E>, sizeAt: (step: number) => number) {
    this.#source = source
    this.#sizeAt = sizeAt
    this.#before = source.state()
  }

  next(): readonly E[] {
    if (this.#taken === this.#parts) {
      this.#before = this.#source.state()
      this.#batch = this.#source.next()
      this.#parts = Math.max(1, Math.min(this.#batch.length, Math.round(this.#batch.length / this.#sizeAt(this.#step))))
      this.#taken = 0
    }
    this.#step++
    const border = (part: number) => Math.round((part * this.#batch.length) / this.#parts)
    return this.#batch.slice(border(this.#taken), border(++this.#taken))
  }

  get epoch(): number {
    return this.#source.epoch
  }

  /** Number of full batches. */
  get batchesPerEpoch(): number {
    return this.#source.batchesPerEpoch
  }

  state(): State {
    const [parts, taken] = [this.#parts, this.#taken]
    const isWhole = taken === parts
    const source = isWhole ? this.#source.state() : this.#before
    return { kind: 'growing-batches', step: this.#step, source, taken, parts }
  }

  /** @throws HeddleError `format` when `state` is not a state of growing batches */
  restore(state: unknown): void {
    const { kind, step, source, taken, parts } = (state ?? {}) as Partial<State>
    const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
    if (kind !== 'growing-batches' || !isCount(step) || !isCount(taken) || !isCount(parts) || taken > parts) {
      throw new HeddleError(
        'format',
        `GrowingBatches: expected a state { kind: 'growing-batches', step, … }, got ${show(state)}. Resume with the settings that the run was started with.`,
      )
    }
    this.#source.restore(source)
    this.#before = source
    this.#batch = taken < parts ? this.#source.next() : []
    this.#step = step
    this.#taken = taken
    this.#parts = parts
  }
}
