import { HeddleError } from './errors.ts'
import { philox4x32 } from './philox.ts'
import { show } from './show.ts'

/** State of a random stream, as JSON. */
export interface RandomState {
  /** The 64-bit key as two unsigned 32-bit words. */
  readonly key: readonly [number, number]
  /** Number of 32-bit words drawn so far. */
  readonly drawn: number
  /** Number of streams split off so far. */
  readonly splits: number
}

const U32 = 2 ** 32

function isState(state: unknown): state is RandomState {
  if (typeof state !== 'object' || state === null) return false
  const { key, drawn, splits } = state as Partial<RandomState>
  const isWord = (n: unknown) => Number.isInteger(n) && (n as number) >= 0 && (n as number) < U32
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
  return Array.isArray(key) && key.length === 2 && key.every(isWord) && isCount(drawn) && isCount(splits)
}

/**
 * A seeded, splittable stream of random numbers on the counter-based generator Philox4x32-10: the same seed gives the same
 * numbers on every platform, and a split stream is independent of how much its parent draws.
 *
 * @see Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"
 */
export class RandomStream {
  #key: readonly [number, number]
  #drawn = 0
  #splits = 0
  #block: readonly [number, number, number, number] = [0, 0, 0, 0]
  #blockIndex = -1

  /** @param seed a non-negative integer below 2^53 */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new HeddleError(
        'config',
        `RandomStream: expected a seed that is an integer from 0 to 2^53 - 1, got ${show(seed)}.`,
      )
    }
    this.#key = [seed % U32, Math.floor(seed / U32)]
  }

  static fromState(state: RandomState): RandomStream {
    const stream = new RandomStream(0)
    stream.restore(state)
    return stream
  }

  /** Returns a new stream, independent of this one and of all others split off it. */
  split(): RandomStream {
    // Draws use counters whose last word is 0, splits those whose last word is 1: they never meet.
    const [k0, k1] = philox4x32([this.#splits % U32, Math.floor(this.#splits / U32), 0, 1], this.#key)
    this.#splits++
    const stream = new RandomStream(0)
    stream.#key = [k0, k1]
    return stream
  }

  state(): RandomState {
    return { key: [this.#key[0], this.#key[1]], drawn: this.#drawn, splits: this.#splits }
  }

  /** @throws HeddleError `format` when `state` is not the state of a stream */
  restore(state: RandomState): void {
    if (!isState(state)) {
      throw new HeddleError(
        'format',
        `RandomStream: expected a state { key, drawn, splits }, got ${show(state)}. The saved state is damaged.`,
      )
    }
    const { key, drawn, splits } = state
    this.#key = [key[0], key[1]]
    this.#drawn = drawn
    this.#splits = splits
    this.#blockIndex = -1
  }

  /** Draws an unsigned 32-bit integer. */
  uint32(): number {
    const block = Math.floor(this.#drawn / 4)
    if (block !== this.#blockIndex) {
      this.#block = philox4x32([block % U32, Math.floor(block / U32), 0, 0], this.#key)
      this.#blockIndex = block
    }
    return this.#block[this.#drawn++ % 4]!
  }

  /** Draws a number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  /** Draws an integer in [0, n), without bias. */
  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > U32) {
      throw new HeddleError('usage', `RandomStream.integer: expected n from 1 to 2^32, got ${show(n)}.`)
    }
    const limit = U32 - (U32 % n)
    let word = this.uint32()
    while (word >= limit) word = this.uint32()
    return word % n
  }

  /** Draws a normally distributed number (Box-Muller). */
  normal(mean = 0, standardDeviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()))
    return mean + standardDeviation * radius * Math.cos(2 * Math.PI * this.uniform())
  }

  /** Draws one of the items, each equally likely. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new HeddleError('usage', 'RandomStream.pick: expected at least one item, got none.')
    return items[this.integer(items.length)]!
  }

  /** Draws an index in proportion to `weights`. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0
    for (let i = 0; i < weights.length; i++) total += weights[i]!
    if (!(total > 0) || !Number.isFinite(total)) {
      throw new HeddleError(
        'usage',
        `RandomStream.weighted: expected weights with a positive finite sum, got the sum ${total}.`,
      )
    }
    let rest = this.uniform() * total
    let last = 0
    for (let i = 0; i < weights.length; i++) {
      if (weights[i]! <= 0) continue
      last = i
      rest -= weights[i]!
      if (rest < 0) return i
    }
    return last
  }

  /** Returns the items in random order, in a new array (Fisher-Yates). */
  shuffled<T>(items: Iterable<T>): T[] {
    const result = [...items]
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const item = result[i]!
      result[i] = result[j]!
      result[j] = item
    }
    return result
  }
}
