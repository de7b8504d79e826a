import { HeddleError, RandomStream } from '@heddle/core'
import { Dropout, Linear, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { BatchSource, Objective } from '../index.ts'

/** A point of a curve that a small network can learn. */
export interface Example {
  readonly x: readonly number[]
  readonly y: number
}

export interface Batch {
  readonly x: tf.Tensor
  readonly y: tf.Tensor
}

export function examples(count: number, seed: number): Example[] {
  const rng = new RandomStream(seed)
  return Array.from({ length: count }, () => {
    const x = [rng.normal(), rng.normal(), rng.normal()]
    return { x, y: Math.sin(x[0]!) - x[1]! + 0.5 * x[2]! }
  })
}

export class Network extends Module {
  readonly hidden: Linear
  readonly dropout: Dropout
  readonly output: Linear

  constructor(seed: number, dropout = 0.1) {
    super()
    const rng = new RandomStream(seed)
    this.hidden = new Linear({ inputSize: 3, outputSize: 16 }, rng)
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.output = new Linear({ inputSize: 16, outputSize: 1 }, rng)
  }

  /** @param x [B, 3] */
  forward(x: tf.Tensor): tf.Tensor {
    return this.output.forward(this.dropout.forward(tf.tanh(this.hidden.forward(x)))) // [B, 1]
  }
}

/** Mean squared error, with noise on the inputs from a stream of the objective's own. */
export class Regression implements Objective<Example, Batch> {
  readonly model: Network
  readonly rng: RandomStream
  readonly #noise: number

  constructor(model: Network, noise = 0) {
    this.model = model
    this.rng = new RandomStream(99)
    this.#noise = noise
  }

  collate(list: readonly Example[]): Batch {
    const noisy = list.map(({ x }) => x.map((value) => value + this.#noise * this.rng.normal()))
    return { x: tf.tensor2d(noisy), y: tf.tensor2d(list.map(({ y }) => [y])) }
  }

  loss({ x, y }: Batch) {
    const error = tf.sub(this.model.forward(x), y)
    return {
      loss: tf.mean(tf.square(error)) as tf.Scalar,
      metrics: { absolute: tf.mean(tf.abs(error)) as tf.Scalar },
      weight: x.shape[0]!,
    }
  }
}

/** Batches in an order that a seed gives, reshuffled each epoch. */
export class Batches<E> implements BatchSource<E> {
  readonly #examples: readonly E[]
  readonly #size: number
  readonly #seed: number
  #drawn = 0

  constructor(list: readonly E[], size: number, seed = 5) {
    this.#examples = list
    this.#size = size
    this.#seed = seed
  }

  get batchesPerEpoch(): number {
    return Math.floor(this.#examples.length / this.#size)
  }

  get epoch(): number {
    return Math.floor(this.#drawn / this.batchesPerEpoch)
  }

  next(): E[] {
    const order = new RandomStream(this.#seed + this.epoch).shuffled(this.#examples)
    const at = (this.#drawn++ % this.batchesPerEpoch) * this.#size
    return order.slice(at, at + this.#size)
  }

  state(): unknown {
    return this.#drawn
  }

  restore(state: unknown): void {
    if (typeof state !== 'number') throw new HeddleError('format', 'Batches: expected a number.')
    this.#drawn = state
  }
}
