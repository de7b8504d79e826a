import type { RandomStream } from '@heddle/core'
import { initializers, Module, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { RecurrentCell, RecurrentState } from './cells/cell.ts'

// B batch, H size of a state tensor

/**
 * State that the cells of a network start from: each cell's own, or a learned one, which starts at zero and is the same for every
 * row of a batch.
 */
export class InitialState extends Module {
  readonly [cell: number]: readonly Parameter[] // learned: each [H]
  readonly #cells: readonly RecurrentCell[]

  constructor(cells: readonly RecurrentCell[], kind: 'zeros' | 'learned', rng: RandomStream) {
    super()
    this.#cells = cells
    if (kind === 'zeros') return
    const learned = cells.map((cell) => cell.stateSizes.map((size) => new Parameter([size], initializers.zeros, rng)))
    Object.assign(this, learned) // so that the paths are 0.0, 0.1, …
  }

  /** @returns a state for each cell */
  override forward(B: number): readonly RecurrentState[] {
    return this.#cells.map(
      (cell, i) =>
        this[i]?.map(({ value, size }) => tf.broadcastTo(tf.expandDims(value, 0), [B, size])) ?? cell.initialState(B),
    )
  }
}
