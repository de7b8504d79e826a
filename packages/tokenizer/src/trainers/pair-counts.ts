const NONE = -1

/** Counts and properties of pairs of symbols, by a number for each pair. */
export class PairCounts {
  #mask = (1 << 16) - 1
  #slots: Int32Array<ArrayBuffer> = new Int32Array(1 << 16).fill(NONE)
  left = new Int32Array(1 << 15)
  right = new Int32Array(1 << 15)
  /** Occurrences, which exceed 32 bits in large corpora. */
  counts = new Float64Array(1 << 15)
  /** Number of pairs. */
  size = 0

  /** The pair's number; a pair that is not known gets one, and the count 0. */
  number(left: number, right: number): number {
    let slot = hash(left, right) & this.#mask
    for (; ; slot = (slot + 1) & this.#mask) {
      const pair = this.#slots[slot]!
      if (pair === NONE) break
      if (this.left[pair] === left && this.right[pair] === right) return pair
    }
    const pair = this.size++
    if (pair === this.left.length) this.#grow()
    this.left[pair] = left
    this.right[pair] = right
    this.counts[pair] = 0
    if (2 * this.size > this.#mask) this.#rehash()
    else this.#slots[slot] = pair
    return pair
  }

  #grow(): void {
    const size = 2 * this.left.length
    const [left, right, counts] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)]
    left.set(this.left)
    right.set(this.right)
    counts.set(this.counts)
    Object.assign(this, { left, right, counts })
  }

  #rehash(): void {
    this.#mask = 2 * this.#mask + 1
    this.#slots = new Int32Array(this.#mask + 1).fill(NONE)
    for (let pair = 0; pair < this.size; pair++) {
      let slot = hash(this.left[pair]!, this.right[pair]!) & this.#mask
      while (this.#slots[slot] !== NONE) slot = (slot + 1) & this.#mask
      this.#slots[slot] = pair
    }
  }
}

function hash(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
