import { HeddleError, type RandomState, RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import type { Initializer } from './initializers.ts'

export interface ParameterOptions {
  /** Whether training changes it (default true). */
  readonly trainable?: boolean
  /** Whether weight decay applies to it (default: for matrices and higher ranks, not for biases and norm scales). */
  readonly decay?: boolean
  /** Whether its rows are looked up by index, as token vectors are, so that it is no linear map (default false). */
  readonly table?: boolean
}

/**
 * Weight of a module. Values are drawn and memory is allocated on first read, so that describing a model costs nothing. They depend
 * on the stream given here, not on when they are read.
 */
export class Parameter {
  readonly shape: readonly number[]
  readonly decay: boolean
  readonly table: boolean
  trainable: boolean
  readonly #initializer: Initializer
  readonly #start: RandomState
  #value: tf.Variable | undefined

  constructor(shape: readonly number[], initializer: Initializer, rng: RandomStream, options: ParameterOptions = {}) {
    this.shape = [...shape]
    this.trainable = options.trainable ?? true
    this.decay = options.decay ?? shape.length >= 2
    this.table = options.table ?? false
    this.#initializer = initializer
    this.#start = rng.split().state()
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, n) => product * n, 1)
  }

  /** Tensor with the values. */
  get value(): tf.Variable {
    this.#value ??= tf.tidy(() => {
      // A parameter may be read first inside a gradient computation: its allocation must not be recorded.
      const values = this.#initializer(this.shape, RandomStream.fromState(this.#start))
      const initial = tf.engine().makeTensor(values, [...this.shape], 'float32')
      return tf.variable(initial, true)
    })
    return this.#value
  }

  /** Replaces the values with those of a tensor of the same shape, whose memory is shared and not copied. */
  assign(tensor: tf.Tensor): void {
    if (
      tensor.dtype !== 'float32' ||
      tensor.shape.length !== this.shape.length ||
      tensor.shape.some((n, i) => n !== this.shape[i])
    ) {
      throw new HeddleError(
        'shape',
        `Parameter.assign: expected float32 [${this.shape}], got ${tensor.dtype} [${tensor.shape}].`,
      )
    }
    if (this.#value === undefined) this.#value = tf.variable(tensor, true)
    else this.#value.assign(tensor)
  }

  /** Frees the memory; a later read draws the same initial values again. */
  dispose(): void {
    this.#value?.dispose()
    this.#value = undefined
  }
}
