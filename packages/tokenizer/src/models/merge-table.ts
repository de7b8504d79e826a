const EMPTY = -1
// Bits of the filter for each slot, of which at most half hold a merge: one in ten to twenty other pairs passes it.
const FILTER_BITS = 8

/** The merges of a BPE model: pairs of ids, with the rank of the merge and the id of what it makes. */
export class MergeTable {
  // For each merge: [left, right, rank, made], in a hash table with open addressing.
  readonly #slots: Int32Array<ArrayBuffer>
  readonly #mask: number
  // One bit for each hash with a merge: most pairs of a text do not merge, which these bits show without a look at the larger table.
  readonly #filter: Int32Array<ArrayBuffer>
  readonly #filterMask: number

  /** @param merges left token, right token and result of each merge in turn, in rank order; the last of equal pairs is used */
  constructor(merges: ArrayLike<number>) {
    const count = merges.length / 3
    let capacity = 16
    while (capacity < 2 * count) capacity *= 2
    this.#mask = capacity - 1
    // One slot more than the mask reaches: the place of all pairs that the filter rules out.
    const slots = new Int32Array(4 * (capacity + 1)).fill(EMPTY)
    this.#filter = new Int32Array((capacity * FILTER_BITS) / 32)
    this.#filterMask = capacity * FILTER_BITS - 1
    this.#slots = slots
    for (let rank = 0; rank < count; rank++) {
      const hash = hashOf(merges[3 * rank]!, merges[3 * rank + 1]!)
      this.#filter[(hash & this.#filterMask) >>> 5]! |= 1 << hash
      const at = this.#search(hash, merges[3 * rank]!, merges[3 * rank + 1]!)
      slots[at] = merges[3 * rank]!
      slots[at + 1] = merges[3 * rank + 1]!
      slots[at + 2] = rank
      slots[at + 3] = merges[3 * rank + 2]!
    }
  }

  /** Place of the pair in the table, for `rank` and `made`. */
  find(left: number, right: number): number {
    const hash = hashOf(left, right)
    const mayMerge = (this.#filter[(hash & this.#filterMask) >>> 5]! >>> hash) & 1
    return mayMerge === 0 ? 4 * (this.#mask + 1) : this.#search(hash, left, right)
  }

  #search(hash: number, left: number, right: number): number {
    const slots = this.#slots
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = 4 * slot
      const key = slots[at]!
      if (key === EMPTY || (key === left && slots[at + 1] === right)) return at
    }
  }

  /** Id of the left token of the merge at a place. */
  left(place: number): number {
    return this.#slots[place]!
  }

  /** Id of the right token of the merge at a place. */
  right(place: number): number {
    return this.#slots[place + 1]!
  }

  /** Rank of the merge at a place, or -1 if the pair does not merge. */
  rank(place: number): number {
    return this.#slots[place + 2]!
  }

  /** Id of the result of the merge at a place. */
  made(place: number): number {
    return this.#slots[place + 3]!
  }
}

function hashOf(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
