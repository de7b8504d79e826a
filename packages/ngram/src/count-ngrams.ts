import type { Turns } from '@heddle/core'
import type { NgramTrie, TrieLevel } from './ngram-trie.ts'

/** Tokens or n-grams of a turn, which takes some milliseconds. */
const TURN = 1 << 16

interface MutableLevel {
  readonly tokens: Int32Array
  readonly counts: Int32Array
  readonly starts: Int32Array
}

/**
 * Counts the n-grams of lengths 1 to `order`.
 *
 * Those of the full length, and those that start with `begin`, get the number of their occurrences; the shorter ones get
 * the number of different tokens that they occur after.
 *
 * It works in turns: run it with `atOnce` or `inTurns`.
 *
 * @param ids the text, in which `begin` may stand before each sequence
 * @param begin one more than the largest token; it may only be the first token of an n-gram
 * @see Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling", section 3
 */
export function* countNgrams(ids: Int32Array, order: number, begin: number): Turns<NgramTrie> {
  const n = ids.length
  const levels: MutableLevel[] = []
  // The n-gram of the current length that starts at each position, or -1; all start as the one empty n-gram.
  let at = new Int32Array(n)
  let numParents = 1
  for (let k = 1; k <= order; k++) {
    const table = new PairTable(Math.min(n, 1 << 20))
    const next = new Int32Array(n).fill(-1)
    for (let from = 0; from + k <= n; from += TURN) {
      addNgrams(table, at, ids, next, { from, to: Math.min(from + TURN, n - k + 1), k, begin })
      yield
    }
    const { ranks, level } = yield* sortedLevel(table, numParents)
    for (let i = 0; i < n; i++) if (next[i] !== -1) next[i] = ranks[next[i]!]!
    levels.push(level)
    yield
    if (k > 1) yield* countContinuations(levels[k - 2]!, level, at, next, ids, begin)
    at = next
    numParents = level.tokens.length
  }
  return levels
}

/** Counts the n-grams of length `k` that start at the places `from` to `to`. */
function addNgrams(
  table: PairTable,
  at: Int32Array,
  ids: Int32Array,
  next: Int32Array,
  { from, to, k, begin }: { from: number; to: number; k: number; begin: number },
): void {
  for (let i = from; i < to; i++) {
    const parent = at[i]!
    const token = ids[i + k - 1]!
    if (parent !== -1 && (k === 1 || token !== begin)) next[i] = table.add(parent, token)
  }
}

/** Replaces the counts of a level by the number of different tokens before each n-gram, except after `begin`. */
function* countContinuations(
  shorter: { counts: Int32Array },
  longer: TrieLevel,
  shorterAt: Int32Array,
  longerAt: Int32Array,
  ids: Int32Array,
  begin: number,
): Turns<void> {
  const { counts } = shorter
  for (let i = 0; i < ids.length; i++) if (ids[i] !== begin && shorterAt[i] !== -1) counts[shorterAt[i]!] = 0
  yield
  const seen = new Uint8Array(longer.tokens.length)
  for (let from = 0; from + 1 < ids.length; from += TURN) {
    countNew(from, Math.min(from + TURN, ids.length - 1))
    yield
  }

  function countNew(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const ngram = longerAt[i]!
      if (ngram === -1 || seen[ngram] === 1) continue
      seen[ngram] = 1
      counts[shorterAt[i + 1]!]!++
    }
  }
}

/** The pairs in the order of parent and token, and the place of each in it. */
function* sortedLevel(table: PairTable, numParents: number): Turns<{ ranks: Int32Array; level: MutableLevel }> {
  const size = table.size
  const starts = new Int32Array(numParents + 1)
  for (let i = 0; i < size; i++) starts[table.parents[i]! + 1]!++
  for (let parent = 0; parent < numParents; parent++) starts[parent + 1]! += starts[parent]!
  yield
  // The pairs by parent, and their tokens, which are then sorted within each parent.
  const tokens = new Int32Array(size)
  const order = new Int32Array(size)
  const filled = starts.slice(0, numParents)
  for (let i = 0; i < size; i++) {
    const place = filled[table.parents[i]!]!++
    order[place] = i
    tokens[place] = table.tokens[i]!
  }
  yield
  for (let from = 0; from < numParents; from += TURN) {
    for (let parent = from; parent < Math.min(from + TURN, numParents); parent++) {
      sortByToken(tokens, order, starts[parent]!, starts[parent + 1]!, table)
    }
    yield
  }
  const ranks = new Int32Array(size)
  const counts = new Int32Array(size)
  for (let rank = 0; rank < size; rank++) {
    ranks[order[rank]!] = rank
    counts[rank] = table.counts[order[rank]!]!
  }
  return { ranks, level: { tokens, counts, starts } }
}

/** Children of a parent up to which they are sorted by insertion. */
const FEW = 16

/** Sorts the pairs of one parent, and their tokens, which all differ. */
function sortByToken(tokens: Int32Array, order: Int32Array, from: number, to: number, table: PairTable): void {
  if (to - from > FEW) {
    const pairs = order.slice(from, to)
    tokens.subarray(from, to).sort()
    for (const pair of pairs) order[rankOf(tokens, table.tokens[pair]!, from, to - 1)] = pair
    return
  }
  for (let i = from + 1; i < to; i++) {
    const [token, pair] = [tokens[i]!, order[i]!]
    let place = i
    for (; place > from && tokens[place - 1]! > token; place--) {
      tokens[place] = tokens[place - 1]!
      order[place] = order[place - 1]!
    }
    tokens[place] = token
    order[place] = pair
  }
}

/** The place of a token among sorted ones. */
function rankOf(tokens: Int32Array, token: number, low: number, high: number): number {
  while (low < high) {
    const middle = (low + high) >>> 1
    if (tokens[middle]! < token) low = middle + 1
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
