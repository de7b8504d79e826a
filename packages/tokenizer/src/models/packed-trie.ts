import type { UnitTrie } from './unit-trie.ts'

/** Node where every search starts. */
export const ROOT = 1
const NONE = -1

// Slots before this one stay free, so that no base is negative.
const FIRST = 0x10000 + 2
const UNITS = 0x10000
/** Occupied slots are tried at most this often for one node, which keeps packing linear. */
const MOST_TRIES = 512

/**
 * A `UnitTrie` as a double array, for reading: a node is a slot, and its child for a unit is the slot `base + unit`, if that names the node as
 * its parent. A step takes one memory access of eight bytes beside the node itself, and nodes near the root lie close together.
 *
 * @see Aoe 1989, "An efficient digital search algorithm by using a double-array structure"
 */
export class PackedTrie {
  // For each slot the parent (0 for a free slot), and the base times 2, plus 1 if a key ends here.
  #cells: Int32Array<ArrayBuffer> = new Int32Array(2 * 4 * UNITS)
  #values: Int32Array<ArrayBuffer>
  #firstFree = FIRST
  #end = FIRST

  constructor(trie: UnitTrie) {
    const { first, units, nodes } = trie.edges()
    const slots = new Int32Array(first.length - 1)
    slots[0] = ROOT
    // Breadth first, so that the slots of frequent nodes are near one another.
    const queue = new Int32Array(slots.length)
    for (let read = 0, written = 1; read < written; read++) {
      const node = queue[read]!
      const [from, to] = [first[node]!, first[node + 1]!]
      if (from === to) continue
      const base = this.#place(units, from, to)
      this.#cells[2 * slots[node]! + 1] = 2 * base
      for (let i = from; i < to; i++) {
        const slot = base + units[i]!
        this.#cells[2 * slot] = slots[node]!
        slots[nodes[i]!] = slot
        queue[written++] = nodes[i]!
        if (slot >= this.#end) this.#end = slot + 1
      }
    }
    this.#values = new Int32Array(this.#end)
    for (let node = 0; node < slots.length; node++) {
      const value = trie.value(node)
      if (value < 0) continue
      this.#values[slots[node]!] = value
      this.#cells[2 * slots[node]! + 1]! |= 1
    }
  }

  /** The node that `unit` leads to from `node`, or -1. */
  child(node: number, unit: number): number {
    const cells = this.#cells
    const slot = (cells[2 * node + 1]! >> 1) + unit
    return cells[2 * slot] === node ? slot : NONE
  }

  /** The value of the key that ends at `node`, or -1. */
  value(node: number): number {
    return (this.#cells[2 * node + 1]! & 1) === 0 ? NONE : this.#values[node]!
  }

  // A base for which the slots of all units from `from` to `to` are free.
  #place(units: Uint16Array, from: number, to: number): number {
    let least = UNITS
    for (let i = from; i < to; i++) least = Math.min(least, units[i]!)
    while (this.#cells[2 * this.#firstFree] !== 0) this.#reserve(++this.#firstFree)
    let slot = this.#firstFree
    for (let tries = 0; !this.#fits(slot - least, units, from, to); slot++)
      if (++tries > MOST_TRIES) slot = Math.max(slot, this.#end)
    this.#reserve(slot)
    return slot - least
  }

  #fits(base: number, units: Uint16Array, from: number, to: number): boolean {
    this.#reserve(base)
    for (let i = from; i < to; i++) if (this.#cells[2 * (base + units[i]!)] !== 0) return false
    return true
  }

  // Makes room for all children of a base, those that a search asks for in vain included.
  #reserve(base: number): void {
    const needed = 2 * (base + UNITS)
    if (needed <= this.#cells.length) return
    const larger = new Int32Array(Math.max(needed, 2 * this.#cells.length))
    larger.set(this.#cells)
    this.#cells = larger
  }
}
