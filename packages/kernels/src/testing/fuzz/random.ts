import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core'

export type Dtype = 'float32' | 'int32' | 'bool'

/** A tensor as data, to be made on any backend. */
export interface Data {
  readonly shape: readonly number[]
  readonly dtype: Dtype
  readonly values: readonly number[]
}

/** One call of a kernel. */
export interface Case {
  readonly inputs: Readonly<Record<string, Data | undefined>>
  readonly attrs: NamedAttrMap
  /** The result would not fit in memory: only a refusal is right. */
  readonly huge?: boolean
  /** The result is not held against the cpu backend, which is wrong or lacks the case. */
  readonly alone?: boolean
  /** The tensors that the kernel overwrites. */
  readonly inPlace?: readonly string[]
  /** Attributes that hold tensors, by the tensors among the inputs. */
  readonly attributesOf?: (inputs: Readonly<Record<string, TensorInfo | undefined>>) => object
}

const SIZES = [1, 1, 2, 2, 3, 3, 4, 5, 7, 8, 9, 16, 17, 33]
const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e6, -1e6, 0.5, 1.5, -2.5]
const EXTREME = [2 ** 31 - 1, -(2 ** 31), 0, -1, 1, 1e6, -1e6]

/** Random choices from a seed, in the manner of mulberry32. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!
  }

  dtype(): Dtype {
    return this.pick(['float32', 'float32', 'int32', 'bool'])
  }

  /** A size of a dimension, at times 0. */
  size(most = 33): number {
    return this.chance(0.06) ? 0 : Math.min(most, this.pick(SIZES))
  }

  shape(least = 0, most = 5): number[] {
    const rank = this.integer(least, most)
    const shape: number[] = []
    let size = 1
    for (let i = 0; i < rank; i++) {
      const n = this.size(size > 500 ? 2 : 33)
      shape.push(n)
      size *= Math.max(1, n)
    }
    return shape
  }

  /** A shape that broadcasts against this one, most of the time. */
  partner(shape: readonly number[]): number[] {
    const kept = shape.slice(this.chance(0.3) ? this.integer(0, shape.length) : 0)
    const partner = kept.map((n) => (this.chance(0.25) ? 1 : n))
    return this.chance(0.03) ? [...partner, 3] : partner
  }

  axis(shape: readonly number[]): number {
    const rank = Math.max(1, shape.length)
    return this.chance(0.3) ? -this.integer(1, rank) : this.integer(0, rank - 1)
  }

  /** Some axes without repetition, in any order. */
  axes(shape: readonly number[]): number[] {
    const all = [...shape.keys()].filter(() => this.chance(0.5))
    return this.chance(0.2) ? all.reverse() : all
  }

  permutation(length: number): number[] {
    const left = [...new Array(length).keys()]
    return Array.from({ length }, () => left.splice(this.integer(0, left.length - 1), 1)[0]!)
  }

  data(shape: readonly number[], dtype: Dtype = 'float32', special = false): Data {
    const size = shape.reduce((product, n) => product * n, 1)
    const next = () => {
      if (dtype === 'bool') return this.integer(0, 1)
      if (dtype === 'int32') return special && this.chance(0.2) ? this.pick(EXTREME) : this.integer(-6, 6)
      return special && this.chance(0.2) ? this.pick(SPECIAL) : this.integer(-12, 12) / 4
    }
    return { shape, dtype, values: Array.from({ length: size }, next) }
  }

  /** Integers from 0 below `end`; at times one that is out of range. */
  indices(shape: readonly number[], end: number): Data {
    const data = this.data(shape, 'int32')
    const values = data.values.map(() => this.integer(0, Math.max(0, end - 1)))
    if (values.length > 0 && this.chance(0.25)) {
      values[this.integer(0, values.length - 1)] = this.pick([
        -1,
        end,
        end + 1,
        -300,
        3000,
        500_000,
        2 ** 31 - 1,
        -(2 ** 31),
      ])
    }
    return { ...data, values }
  }
}
