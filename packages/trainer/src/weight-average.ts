import { floatTensor, HeddleError, tensorValues } from '@heddle/core'
import { type Module, namedParameters, type Parameter, type StateDict } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

/**
 * Ways of averaging the weights over a run: 'ema' keeps avg = decay·avg + (1 - decay)·w, with decay at most (1 + n) / (10 + n) at the
 * n-th update, so that the first weights soon lose their influence; 'swa' keeps the plain mean of the weights every `every` steps from
 * step `start` on.
 */
export type WeightAveraging =
  | { readonly type: 'ema'; readonly decay: number }
  | { readonly type: 'swa'; readonly start: number; readonly every?: number }

/**
 * The running average of a model's weights.
 *
 * @see Polyak & Juditsky 1992, "Acceleration of stochastic approximation by averaging"
 * @see Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization", for 'swa'
 */
export class WeightAverage {
  readonly #parameters: readonly [string, Parameter][]
  readonly #method: WeightAveraging
  readonly #averages = new Map<Parameter, tf.Variable>()
  #updates = 0

  constructor(model: Module, method: WeightAveraging) {
    const valid =
      method.type === 'ema' ? method.decay >= 0 && method.decay < 1 : method.start >= 0 && (method.every ?? 1) >= 1
    if (!valid) {
      throw new HeddleError(
        'config',
        `WeightAverage: expected a decay in [0, 1), or start ≥ 0 and every ≥ 1, got ${JSON.stringify(method)}.`,
      )
    }
    this.#parameters = namedParameters(model)
    this.#method = method
  }

  /** Adds the weights after step `step` (counted from 1). */
  update(step: number): void {
    const method = this.#method
    if (method.type === 'swa' && (step < method.start || (step - method.start) % (method.every ?? 1) !== 0)) return
    const n = this.#updates++
    const share = method.type === 'ema' ? 1 - Math.min(method.decay, (1 + n) / (10 + n)) : 1 / (n + 1)
    for (const [, parameter] of this.#parameters) {
      const average = this.#averages.get(parameter)
      if (average === undefined) this.#averages.set(parameter, copyOf(parameter))
      else if (parameter.trainable) {
        tf.tidy(() => average.assign(tf.add(average, tf.mul(tf.sub(parameter.value, average), share))))
      }
    }
  }

  /** Whether there is an average yet. */
  get ready(): boolean {
    return this.#updates > 0
  }

  /** Runs `body` with the averages in place of the weights, and puts the weights back. */
  async apply<T>(body: () => Promise<T>): Promise<T> {
    if (!this.ready) return await body()
    const weights = this.#parameters.map(([, parameter]) => tf.keep(tf.clone(parameter.value)))
    for (const [, parameter] of this.#parameters) parameter.assign(this.#averages.get(parameter)!)
    try {
      return await body()
    } finally {
      this.#parameters.forEach(([, parameter], i) => {
        parameter.assign(weights[i]!)
        weights[i]!.dispose()
      })
    }
  }

  async state(): Promise<StateDict> {
    const state: StateDict = new Map([['updates', floatTensor([], Float32Array.of(this.#updates))]])
    for (const [path, parameter] of this.#parameters) {
      const average = this.#averages.get(parameter)
      if (average !== undefined)
        state.set(`average.${path}`, floatTensor(parameter.shape, (await average.data()) as Float32Array))
    }
    return state
  }

  restore(state: StateDict): void {
    const saved = state.get('updates')
    const updates = saved === undefined ? Number.NaN : tensorValues(saved)[0]!
    const problems = this.#parameters.flatMap(([path, { shape }]) => {
      const average = state.get(`average.${path}`)
      if (average === undefined) return updates === 0 ? [] : [`none of '${path}'`]
      return `${average.shape}` === `${shape}` ? [] : [`'${path}' [${average.shape}] instead of [${shape}]`]
    })
    if (!Number.isSafeInteger(updates) || problems.length > 0) {
      throw new HeddleError(
        'state-dict',
        `WeightAverage.restore: expected the averages of every parameter, got ${problems.join(', ') || 'no number of updates'}. Resume with the model that the run was started with.`,
      )
    }
    this.dispose()
    this.#updates = updates
    if (updates === 0) return
    for (const [path, parameter] of this.#parameters) {
      const loaded = tf.tensor(tensorValues(state.get(`average.${path}`)!), [...parameter.shape])
      this.#averages.set(parameter, tf.variable(loaded, false))
      loaded.dispose()
    }
  }

  dispose(): void {
    for (const average of this.#averages.values()) average.dispose()
    this.#averages.clear()
    this.#updates = 0
  }
}

function copyOf(parameter: Parameter): tf.Variable {
  return tf.tidy(() => tf.variable(tf.mul(parameter.value, 1), false))
}
