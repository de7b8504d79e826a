import { type Module, namedParameters, type Parameter } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { sampleOf, type ValueSample } from './value-sample.ts'

/** Weights after a step and the gradients that it was made with, by path. */
export interface ValuesEvent {
  readonly step: number
  readonly weights: ReadonlyMap<string, ValueSample>
  /** Before clipping by norm, after clipping by value. */
  readonly gradients: ReadonlyMap<string, ValueSample>
}

const DENSE = 16

/**
 * Whether weights and gradients of a step are looked at: of steps that are validated, more and more seldom, so that a long run has few
 * more of them than a short one. It does not depend on the number of steps, other than for a last step between two validations.
 *
 * @param dense validations of which all are watched; after them every second, after twice as many every fourth, and so on
 */
export function isWatched(step: number, evaluateEvery: number, steps: number, dense = DENSE): boolean {
  if (step % evaluateEvery !== 0) return step === steps
  const validation = step / evaluateEvery
  return validation % 2 ** Math.max(0, Math.floor(Math.log2(validation / dense)) + 1) === 0
}

/** Reads the weights and gradients of a step back. */
export class ValueWatch {
  readonly #parameters: readonly (readonly [path: string, parameter: Parameter])[]
  #gradients = new Map<string, ValueSample>()

  constructor(model: Module) {
    this.#parameters = namedParameters(model)
  }

  /** @param scale factor of the gradients */
  async gradients(gradients: ReadonlyMap<Parameter, tf.Tensor>, scale: number): Promise<void> {
    this.#gradients = new Map()
    for (const [path, parameter] of this.#parameters) {
      const gradient = gradients.get(parameter)
      if (gradient !== undefined) this.#gradients.set(path, await sampleOf(gradient, scale))
    }
  }

  /** The weights as they are now, with the gradients that were read last. */
  async event(step: number): Promise<ValuesEvent> {
    const weights = new Map<string, ValueSample>()
    for (const [path, { value, trainable }] of this.#parameters) {
      if (trainable) weights.set(path, await sampleOf(value))
    }
    return { step, weights, gradients: this.#gradients }
  }
}
