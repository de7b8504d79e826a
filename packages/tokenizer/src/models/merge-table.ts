const EMPTY = -1

/** The merges of a BPE model: pairs of ids, with the rank of the merge and the id of what it makes. */
export class MergeTable {
  // For each merge: [left, right, rank, made], in a hash table with open addressing.
  readonly #slots: Int32Array<ArrayBuffer>
  readonly #mask: number

  /** @param merges pairs and what they make, in the order of their ranks; the last of equal pairs is used */
  constructor(merges: readonly (readonly [left: number, right: number, made: number])[]) {
    let capacity = 16
    while (capacity < 2 * merges.length) capacity *= 2
    this.#mask = capacity - 1
    this.#slots = new Int32Array(4 * capacity).fill(EMPTY)
    for (const [rank, [left, right, made]] of merges.entries()) {
      const at = this.find(left, right)
      this.#slots[at] = left
      this.#slots[at + 1] = right
      this.#slots[at + 2] = rank
      this.#slots[at + 3] = made
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
