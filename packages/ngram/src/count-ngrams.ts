import type { NgramTrie, TrieLevel } from './ngram-trie.ts'

/**
 * Counts the n-grams of lengths 1 to `order`.
 *
 * Those of the full length, and those that start with `begin`, get the number of their occurrences; the shorter ones get
 * the number of different tokens that they occur after.
 *
 * @param ids the text, in which `begin` may stand before each sequence
 * @param begin one more than the largest token; it may only be the first token of an n-gram
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling", section 3
 */
export function countNgrams(ids: Int32Array, order: number, begin: number): NgramTrie {
  const n = ids.length
  const levels: { tokens: Int32Array; counts: Int32Array; starts: Int32Array }[] = []
  // The n-gram of the current length that starts at each position, or -1; all start as the one empty n-gram.
  let at = new Int32Array(n)
  let numParents = 1
  for (let k = 1; k <= order; k++) {
    const table = new PairTable(Math.min(n, 1 << 20))
    const next = new Int32Array(n).fill(-1)
    for (let i = 0; i + k <= n; i++) {
      const parent = at[i]!
      const token = ids[i + k - 1]!
      if (parent !== -1 && (k === 1 || token !== begin)) next[i] = table.add(parent, token)
    }
    const { ranks, level } = sortedLevel(table, numParents, begin + 1)
    for (let i = 0; i < n; i++) if (next[i] !== -1) next[i] = ranks[next[i]!]!
    levels.push(level)
    if (k > 1) countContinuations(levels[k - 2]!, level, at, next, ids, begin)
    at = next
    numParents = level.tokens.length
  }
  return levels
}

/** Replaces the counts of a level by the number of different tokens before each n-gram, except after `begin`. */
function countContinuations(
  shorter: { counts: Int32Array },
  longer: TrieLevel,
  shorterAt: Int32Array,
  longerAt: Int32Array,
  ids: Int32Array,
  begin: number,
): void {
  const { counts } = shorter
  for (let i = 0; i < ids.length; i++) if (ids[i] !== begin && shorterAt[i] !== -1) counts[shorterAt[i]!] = 0
  const seen = new Uint8Array(longer.tokens.length)
  for (let i = 0; i + 1 < ids.length; i++) {
    const ngram = longerAt[i]!
    if (ngram === -1 || seen[ngram] === 1) continue
    seen[ngram] = 1
    counts[shorterAt[i + 1]!]!++
  }
}

function sortedLevel(table: PairTable, numParents: number, numTokens: number) {
  const size = table.size
  // Pairs as single numbers: exact, since their product is far below 2^53.
  const keys = new Float64Array(size)
  for (let i = 0; i < size; i++) keys[i] = table.parents[i]! * numTokens + table.tokens[i]!
  const sorted = keys.slice().sort()
  const tokens = new Int32Array(size)
  const starts = new Int32Array(numParents + 1)
  for (let rank = 0; rank < size; rank++) {
    const parent = Math.floor(sorted[rank]! / numTokens)
    tokens[rank] = sorted[rank]! - parent * numTokens
    starts[parent + 1]!++
  }
  for (let parent = 0; parent < numParents; parent++) starts[parent + 1]! += starts[parent]!
  const ranks = new Int32Array(size)
  const counts = new Int32Array(size)
  for (let i = 0; i < size; i++) {
    const rank = rankOf(sorted, keys[i]!, starts[table.parents[i]!]!, starts[table.parents[i]! + 1]! - 1)
    ranks[i] = rank
    counts[rank] = table.counts[i]!
  }
  return { ranks, level: { tokens, counts, starts } }
}

function rankOf(sorted: Float64Array, key: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Numbers pairs (parent, token) from 0 in the order of arrival and counts them. Hash table with linear probing. */
class PairTable {
  parents: Int32Array
  tokens: Int32Array
  counts: Int32Array
  size = 0
  /** The number of the pair in each slot, or -1; a power of two of them. */
  #slots: Int32Array

  constructor(expected: number) {
    const capacity = 1 << Math.max(4, Math.ceil(Math.log2(expected / 2 + 1)))
    this.parents = new Int32Array(capacity)
    this.tokens = new Int32Array(capacity)
    this.counts = new Int32Array(capacity)
    this.#slots = new Int32Array(2 * capacity).fill(-1)
  }

  /** Returns the number of the pair. */
  add(parent: number, token: number): number {
    const mask = this.#slots.length - 1
    let slot = hash(parent, token) & mask
    for (let pair = this.#slots[slot]!; pair !== -1; pair = this.#slots[slot]!) {
      if (this.parents[pair] === parent && this.tokens[pair] === token) {
        this.counts[pair]!++
        return pair
      }
      slot = (slot + 1) & mask
    }
    if (this.size === this.parents.length) {
      this.#grow()
      return this.add(parent, token)
    }
    const pair = this.size++
    this.#slots[slot] = pair
    this.parents[pair] = parent
    this.tokens[pair] = token
    this.counts[pair] = 1
    return pair
  }

  #grow(): void {
    const capacity = 2 * this.parents.length
    const grown = (old: Int32Array, copy: Int32Array): Int32Array => {
      copy.set(old)
      return copy
    }
    this.parents = grown(this.parents, new Int32Array(capacity))
    this.tokens = grown(this.tokens, new Int32Array(capacity))
    this.counts = grown(this.counts, new Int32Array(capacity))
    this.#slots = new Int32Array(2 * capacity).fill(-1)
    const mask = this.#slots.length - 1
    for (let pair = 0; pair < this.size; pair++) {
      let slot = hash(this.parents[pair]!, this.tokens[pair]!) & mask
      while (this.#slots[slot] !== -1) slot = (slot + 1) & mask
      this.#slots[slot] = pair
    }
  }
}

function hash(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  return h ^ (h >>> 13)
}
