import { HeddleError, type RandomState, type RandomStream, show } from '@heddle/core'
import type { EndlessBatches } from './endless-batches.ts'

interface State {
  readonly source: unknown
  readonly rng: RandomState
}

/**
 * Batches whose examples change at random each time that they are drawn, such as shifted pictures or dropped words. The position
 * includes the random stream, so a resumed run sees the same changes.
 */
export class MappedBatches<X> implements EndlessBatches<X> {
  readonly #source: EndlessBatches<X>
  readonly #change: (example: X, rng: RandomStream) => X
  readonly #rng: RandomStream

  constructor(source: EndlessBatches<X>, change: (example: X, rng: RandomStream) => X, rng: RandomStream) {
    this.#source = source
    this.#change = change
    this.#rng = rng.split()
  }

  next(): X[] {
    return this.#source.next().map((example) => this.#change(example, this.#rng))
  }

  get epoch(): number {
    return this.#source.epoch
  }

  get batchesPerEpoch(): number {
    return this.#source.batchesPerEpoch
  }

  state(): State {
    return { source: this.#source.state(), rng: this.#rng.state() }
  }

  /** @throws HeddleError `format` when `state` is not a state of mapped batches */
  restore(state: unknown): void {
    const saved = state as Partial<State> | null
    if (typeof saved !== 'object' || saved?.rng === undefined) {
      throw new HeddleError('format', `MappedBatches: expected a state { source, rng }, got ${show(state)}.`)
    }
    this.#source.restore(saved.source)
    this.#rng.restore(saved.rng)
  }
}
