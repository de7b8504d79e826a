import { type Module, type StateDict, stateDict } from '@heddle/layers'

/** Weights of a step, with the validation that they reached. */
export interface KeptWeights {
  readonly step: number
  /** The monitored metric. */
  readonly value: number
  readonly metrics: Readonly<Record<string, number>>
  readonly weights: StateDict
}

/** The weights of the best validations of a run, the best first; of equal ones the earlier. */
export class BestWeights {
  readonly #count: number
  readonly #mode: 'min' | 'max'
  #kept: readonly KeptWeights[] = []

  /** @param count number of validations whose weights are kept */
  constructor(count: number, mode: 'min' | 'max') {
    this.#count = count
    this.#mode = mode
  }

  get kept(): readonly KeptWeights[] {
    return this.#kept
  }

  get best(): KeptWeights | undefined {
    return this.#kept[0]
  }

  /** Keeps a copy of the model's weights if they are among the best. */
  async observe(step: number, value: number, metrics: Readonly<Record<string, number>>, model: Module): Promise<void> {
    if (Number.isNaN(value)) return
    const isBetter = (other: KeptWeights) => (this.#mode === 'min' ? value < other.value : value > other.value)
    const found = this.#kept.findIndex(isBetter)
    const place = found === -1 ? this.#kept.length : found
    if (place >= this.#count) return
    const entry = { step, value, metrics, weights: await snapshot(model) }
    this.#kept = this.#kept.toSpliced(place, 0, entry).slice(0, this.#count)
  }

  restore(kept: readonly KeptWeights[]): void {
    // JSON has no infinities; only the worse one can be among the best.
    const worst = this.#mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.#kept = kept.map((each) => (Number.isNaN(each.value) ? { ...each, value: worst } : each))
  }
}

/** Copies the weights, so that later steps do not change them. */
export async function snapshot(model: object): Promise<StateDict> {
  const state = await stateDict(model)
  return new Map([...state].map(([path, tensor]) => [path, { ...tensor, bytes: tensor.bytes.slice() }]))
}
