import { floatTensor, intTensor, tensorValues } from '@heddle/core'
import type { StateDict } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Tensors that an objective carries from one batch to the next, with no gradient through them: the hidden state of truncated
 * back-propagation through time. Its `state` and `restore` are the objective's.
 *
 * @see Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent network trajectories"
 */
export class CarriedState {
  #tensors: tf.Tensor[] = []
  #previous: tf.Tensor[] = []

  /** Tensors from the batch before; undefined at the start of a stream. */
  get tensors(): readonly tf.Tensor[] | undefined {
    return this.#tensors.length > 0 ? this.#tensors : undefined
  }

  /** Sets the tensors for the next batch; they may belong to the current gradient computation. */
  replace(tensors: readonly tf.Tensor[]): void {
    // The gradients of this batch may still need the tensors that it read, so they are freed with the next batch.
    tf.dispose(this.#previous)
    this.#previous = this.#tensors
    this.#tensors = tensors.map((tensor) => tf.keep(tf.clone(tensor)))
  }

  async state(): Promise<StateDict> {
    const state: StateDict = new Map()
    for (const [i, tensor] of this.#tensors.entries()) {
      const values = await tensor.data()
      state.set(
        `${i}`,
        tensor.dtype === 'int32'
          ? intTensor(tensor.shape, Int32Array.from(values))
          : floatTensor(tensor.shape, Float32Array.from(values)),
      )
    }
    return state
  }

  restore(state: StateDict): void {
    this.dispose()
    this.#tensors = [...state.values()].map((raw) => tf.keep(tf.tensor(tensorValues(raw), [...raw.shape])))
  }

  dispose(): void {
    tf.dispose([...this.#tensors, ...this.#previous])
    this.#tensors = []
    this.#previous = []
  }
}
