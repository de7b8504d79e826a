const NONE = -1
const UNITS = 0x10000

/**
 * A trie over UTF-16 units that finds all vocabulary entries at the start of a text.
 *
 * Edges are in one hash table with open addressing (node and unit to node), those of the root in an array: a step takes one or two memory
 * accesses and allocates nothing.
 */
export class UnitTrie {
  // Node 0 is the root.
  #values: Int32Array<ArrayBuffer> = new Int32Array(1024).fill(NONE)
  #nodes = 1
  readonly #root: Int32Array<ArrayBuffer> = new Int32Array(UNITS).fill(NONE)
  // For each edge the key's two parts and the child: [node, unit, child].
  #edges: Int32Array<ArrayBuffer> = new Int32Array(3 * 1024).fill(NONE)
  #mask = 1023
  #edgeCount = 0

  /** Sets the value of `key`, 0 or more. */
  insert(key: string, value: number): void {
    let node = 0
    for (let i = 0; i < key.length; i++) {
      const unit = key.charCodeAt(i)
      const child = this.child(node, unit)
      node = child === NONE ? this.#add(node, unit) : child
    }
    this.#values[node] = value
  }

  /** Sets the value of `key` read from its end. */
  insertReversed(key: string, value: number): void {
    let node = 0
    for (let i = key.length - 1; i >= 0; i--) {
      const unit = key.charCodeAt(i)
      const child = this.child(node, unit)
      node = child === NONE ? this.#add(node, unit) : child
    }
    this.#values[node] = value
  }

  /** For each place of a text the value of the key from its start to there, or -1; as far as keys reach. */
  path(text: string): number[] {
    const values = [NONE]
    let node = 0
    for (let i = 0; i < text.length; i++) {
      node = this.child(node, text.charCodeAt(i))
      if (node === NONE) break
      values.push(this.#values[node]!)
    }
    return values
  }

  /** The node that `unit` leads to from `node`, or -1. */
  child(node: number, unit: number): number {
    if (node === 0) return this.#root[unit]!
    const edges = this.#edges
    for (let slot = hash(node, unit) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = 3 * slot
      const key = edges[at]!
      if (key === node && edges[at + 1] === unit) return edges[at + 2]!
      if (key === NONE) return NONE
    }
  }

  /** The value of the key that ends at `node`, or -1. */
  value(node: number): number {
    return this.#values[node]!
  }

  /** All edges, ordered by the node that they leave: those of node `n` are entries `first[n]` to `first[n + 1]` of the two other arrays. */
  edges(): { readonly first: Int32Array; readonly units: Uint16Array; readonly nodes: Int32Array } {
    const first = new Int32Array(this.#nodes + 1)
    const each = (visit: (node: number, unit: number, child: number) => void) => {
      for (let unit = 0; unit < UNITS; unit++) if (this.#root[unit] !== NONE) visit(0, unit, this.#root[unit]!)
      const edges = this.#edges
      for (let at = 0; at < edges.length; at += 3)
        if (edges[at] !== NONE) visit(edges[at]!, edges[at + 1]!, edges[at + 2]!)
    }
    each((node) => first[node + 1]!++)
    for (let node = 0; node < this.#nodes; node++) first[node + 1]! += first[node]!
    const filled = first.slice()
    const units = new Uint16Array(this.#nodes - 1)
    const nodes = new Int32Array(this.#nodes - 1)
    each((node, unit, child) => {
      const at = filled[node]!++
      units[at] = unit
      nodes[at] = child
    })
    return { first, units, nodes }
  }

  #add(node: number, unit: number): number {
    const child = this.#nodes++
    if (child === this.#values.length) {
      const larger = new Int32Array(2 * child).fill(NONE)
      larger.set(this.#values)
      this.#values = larger
    }
    if (node === 0) this.#root[unit] = child
    else {
      if (2 * ++this.#edgeCount > this.#mask) this.#grow()
      this.#put(node, unit, child)
    }
    return child
  }

  #put(node: number, unit: number, child: number): void {
    let slot = hash(node, unit) & this.#mask
    while (this.#edges[3 * slot] !== NONE) slot = (slot + 1) & this.#mask
    this.#edges[3 * slot] = node
    this.#edges[3 * slot + 1] = unit
    this.#edges[3 * slot + 2] = child
  }

  #grow(): void {
    const old = this.#edges
    this.#mask = 2 * this.#mask + 1
    this.#edges = new Int32Array(3 * (this.#mask + 1)).fill(NONE)
    for (let at = 0; at < old.length; at += 3) if (old[at] !== NONE) this.#put(old[at]!, old[at + 1]!, old[at + 2]!)
  }
}

function hash(node: number, unit: number): number {
  const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
