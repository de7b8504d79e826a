import { floatTensor, HeddleError, intTensor, suggest, tensorValues } from '@heddle/core'
import type { Parameter, StateDict } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { Optimizer, StepOptions } from './optimizer.ts'
import { type GroupedParameter, type GroupOptions, groupParameters, type ParameterSource } from './parameter-groups.ts'

/** A tensor that an optimizer keeps for a parameter. */
export interface Slot {
  readonly shape: readonly number[]
  /** Initial value (default 0). */
  readonly initial?: number
}

/** One parameter's part of a step. */
export interface Update {
  readonly value: tf.Variable
  readonly gradient: tf.Tensor
  readonly slots: Readonly<Record<string, tf.Variable>>
  /** Learning rate with the group's factor. */
  readonly learningRate: number
  /** Weight decay; 0 where it does not apply. */
  readonly weightDecay: number
}

interface Entry extends GroupedParameter {
  slots: Record<string, tf.Variable> | undefined
  steps: number
}

/**
 * An optimizer that keeps tensors (slots) for every parameter. A subclass names them and defines how a step changes them.
 *
 * Slots are allocated at a parameter's first step, and steps are counted by parameter, so that a parameter that is unfrozen
 * later has its own bias corrections, as in PyTorch.
 */
export abstract class SlotOptimizer implements Optimizer {
  readonly #name: string
  readonly #entries: Map<Parameter, Entry>

  constructor(name: string, source: ParameterSource, weightDecay: number, options: GroupOptions) {
    this.#name = name
    this.#entries = new Map(
      groupParameters(source, weightDecay, options).map((entry) => [
        entry.parameter,
        { ...entry, slots: undefined, steps: 0 },
      ]),
    )
  }

  get grouped(): readonly GroupedParameter[] {
    return [...this.#entries.values()]
  }

  /** Returns the slots of a parameter. */
  protected abstract slots(shape: readonly number[], grouped: GroupedParameter): Record<string, Slot>

  /** Changes values and slots; all `updates` make their `step`-th step, counted from 1. Called inside a tidy. */
  protected abstract update(updates: readonly Update[], step: number, gradientScale: number): void

  step(gradients: ReadonlyMap<Parameter, tf.Tensor>, learningRate: number, options: StepOptions = {}): void {
    const bySteps = new Map<number, Update[]>()
    for (const [parameter, gradient] of gradients) {
      const entry = this.#entries.get(parameter)
      if (entry === undefined) {
        throw new HeddleError(
          'usage',
          `${this.#name}: expected gradients of its own parameters, got one of another [${parameter.shape}]. Make the optimizer from the model that is trained.`,
        )
      }
      entry.slots ??= this.#allocate(entry)
      const step = ++entry.steps
      const updates = bySteps.get(step) ?? []
      bySteps.set(step, updates)
      updates.push({
        value: parameter.value,
        gradient,
        slots: entry.slots,
        learningRate: learningRate * entry.learningRateFactor,
        weightDecay: entry.weightDecay,
      })
    }
    for (const [step, updates] of bySteps) tf.tidy(() => this.update(updates, step, options.gradientScale ?? 1))
  }

  async state(): Promise<StateDict> {
    const state: StateDict = new Map()
    for (const { path, slots, steps } of this.#entries.values()) {
      if (slots === undefined) continue
      state.set(`${path}.steps`, intTensor([], Int32Array.of(steps)))
      for (const [name, slot] of Object.entries(slots)) {
        state.set(`${path}.${name}`, floatTensor(slot.shape, (await slot.data()) as Float32Array))
      }
    }
    return state
  }

  restore(state: StateDict): void {
    const unknown = new Set(state.keys())
    const problems: string[] = []
    const loaded: { entry: Entry; steps: number; values: [string, readonly number[], Float32Array][] }[] = []
    for (const entry of this.#entries.values()) {
      const steps = state.get(`${entry.path}.steps`)
      if (steps === undefined) continue
      unknown.delete(`${entry.path}.steps`)
      const values: [string, readonly number[], Float32Array][] = []
      for (const [name, { shape }] of Object.entries(this.slots(entry.parameter.shape, entry))) {
        const key = `${entry.path}.${name}`
        const tensor = state.get(key)
        unknown.delete(key)
        if (tensor === undefined) problems.push(`missing '${key}'`)
        else if (tensor.dtype !== 'F32' || `${tensor.shape}` !== `${shape}`) {
          problems.push(`'${key}': expected F32 [${shape}], got ${tensor.dtype} [${tensor.shape}]`)
        } else values.push([name, shape, tensorValues(tensor) as Float32Array])
      }
      loaded.push({ entry, steps: tensorValues(steps)[0]!, values })
    }
    const paths = [...this.#entries.values()].map(({ path }) => path)
    for (const key of unknown)
      problems.push(`unexpected '${key}' (${suggest(key.slice(0, key.lastIndexOf('.')), paths)})`)
    if (problems.length > 0) {
      throw new HeddleError(
        'state-dict',
        `${this.#name}.restore: expected the state of this optimizer and model, got ${problems.join('; ')}. Restore it into the optimizer and model that it was saved with.`,
      )
    }
    this.dispose()
    for (const { entry, steps, values } of loaded) {
      entry.steps = steps
      entry.slots = Object.fromEntries(
        values.map(([name, shape, data]) => [name, variable(tf.tensor(data, [...shape]))]),
      )
    }
  }

  dispose(): void {
    for (const entry of this.#entries.values()) {
      for (const slot of Object.values(entry.slots ?? {})) slot.dispose()
      entry.slots = undefined
      entry.steps = 0
    }
  }

  #allocate(entry: Entry): Record<string, tf.Variable> {
    return Object.fromEntries(
      Object.entries(this.slots(entry.parameter.shape, entry)).map(([name, { shape, initial = 0 }]) => [
        name,
        variable(tf.fill([...shape], initial)),
      ]),
    )
  }
}

/** Makes a variable of `initial` and frees it. */
function variable(initial: tf.Tensor): tf.Variable {
  const result = tf.variable(initial, false)
  initial.dispose()
  return result
}

/** gradient · scale */
export function scaled(gradient: tf.Tensor, scale: number): tf.Tensor {
  return scale === 1 ? gradient : tf.mul(gradient, scale)
}

/** gradient · scale + weightDecay · value: decay as a part of the gradient (L2 regularization). */
export function regularized({ gradient, value, weightDecay }: Update, scale: number): tf.Tensor {
  const g = scaled(gradient, scale)
  return weightDecay === 0 ? g : tf.add(g, tf.mul(value, weightDecay))
}
