const EMPTY = -1

/** The merges of a BPE model: pairs of ids, with the rank of the merge and the id of what it makes. */
export class MergeTable {
  // For each merge: [left, right, rank, made], in a hash table with open addressing.
  readonly #slots: Int32Array<ArrayBuffer>
  readonly #mask: number

  /** @param merges left token, right token and result of each merge in turn, in rank order; the last of equal pairs is used */
  constructor(merges: ArrayLike<number>) {
    const count = merges.length / 3
    let capacity = 16
    while (capacity < 2 * count) capacity *= 2
    this.#mask = capacity - 1
    const slots = new Int32Array(4 * capacity).fill(EMPTY)
    this.#slots = slots
    for (let rank = 0; rank < count; rank++) {
      const at = this.find(merges[3 * rank]!, merges[3 * rank + 1]!)
      slots[at] = merges[3 * rank]!
      slots[at + 1] = merges[3 * rank + 1]!
      slots[at + 2] = rank
      slots[at + 3] = merges[3 * rank + 2]!
    }
  }

  /** Place of the pair in the table, for `rank` and `made`. */
  find(left: number, right: number): number {
    const slots = this.#slots
    const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    for (let slot = (mixed ^ (mixed >>> 15)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = 4 * slot
      const key = slots[at]!
      if (key === EMPTY || (key === left && slots[at + 1] === right)) return at
    }
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
