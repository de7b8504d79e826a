import type { MergeTable } from './merge-table.ts'

/** The symbols of a word during merging: ids, and ranges of the word. */
export interface Symbols {
  ids: Int32Array
  starts: Int32Array
  ends: Int32Array
  count: number
}

export const newSymbols = (capacity = 256): Symbols => ({
  ids: new Int32Array(capacity),
  starts: new Int32Array(capacity),
  ends: new Int32Array(capacity),
  count: 0,
})

/** Reserves room for `capacity` symbols and drops the content. */
export function reserve(symbols: Symbols, capacity: number): void {
  if (capacity > symbols.ids.length) Object.assign(symbols, newSymbols(2 * capacity))
}

export function addSymbol(symbols: Symbols, id: number, start: number, end: number): void {
  const at = symbols.count++
  symbols.ids[at] = id
  symbols.starts[at] = start
  symbols.ends[at] = end
}

/** Up to this length, scanning all pairs for the best one is faster than a heap. */
const SHORT = 48

/**
 * Merges the pair of lowest rank (the leftmost of equal ones) until no pair merges.
 *
 * @param skip called before every merge; true skips it this time (BPE dropout)
 * @returns place of the last merge in the table, or -1
 */
export function mergeSymbols(symbols: Symbols, table: MergeTable, skip?: () => boolean): number {
  if (symbols.count < 2) return -1
  return symbols.count <= SHORT && skip === undefined
    ? mergeByScanning(symbols, table)
    : mergeByHeap(symbols, table, skip)
}

const NO_MERGE = 0x7fffffff
// Bits of a key that hold the position: SHORT is smaller than 2^POSITION_BITS. Ranks stay below 2^25, as ids do below 2^24.
const POSITION_BITS = 6

// For each symbol its neighbors, the place of its merge with the next one, and as a key that merge's rank and the symbol's position.
const places = new Int32Array(SHORT)
const keys = new Int32Array(SHORT)
const nexts = new Int32Array(SHORT)
const previouses = new Int32Array(SHORT)

/** For short words: each step scans all pairs. A symbol that was merged into another stays in place, without a key. */
function mergeByScanning(symbols: Symbols, table: MergeTable): number {
  const { ids, starts, ends, count } = symbols
  const last = count - 1
  for (let i = 0; i < last; i++) {
    look(table, i, ids[i]!, ids[i + 1]!)
    nexts[i] = i + 1
    previouses[i] = i - 1
  }
  previouses[last] = last - 1
  nexts[last] = count
  keys[last] = NO_MERGE
  let place = -1
  for (;;) {
    // The smaller of two numbers without a branch, which would often be mispredicted.
    let least = keys[0]!
    for (let i = 1; i < last; i++) {
      const difference = (keys[i]! - least) | 0
      least = (least + (difference & (difference >> 31))) | 0
    }
    if (least === NO_MERGE) break
    const best = least & ((1 << POSITION_BITS) - 1)
    const merged = nexts[best]!
    const next = nexts[merged]!
    place = places[best]!
    const made = table.made(place)
    ids[best] = made
    ends[best] = ends[merged]!
    keys[merged] = NO_MERGE
    nexts[best] = next
    if (next < count) {
      previouses[next] = best
      look(table, best, made, ids[next]!)
    } else keys[best] = NO_MERGE
    const previous = previouses[best]!
    if (previous >= 0) look(table, previous, ids[previous]!, made)
  }
  let kept = 0
  for (let i = 0; i < count; i = nexts[i]!) {
    ids[kept] = ids[i]!
    starts[kept] = starts[i]!
    ends[kept++] = ends[i]!
  }
  symbols.count = kept
  return place
}

function look(table: MergeTable, i: number, left: number, right: number): void {
  const place = table.find(left, right)
  const rank = table.rank(place)
  places[i] = place
  keys[i] = rank < 0 ? NO_MERGE : (rank << POSITION_BITS) | i
}

// Rank and position in one number, which orders the heap by rank first; both stay below 2^26.
const POSITIONS = 2 ** 27

const REMOVED = -1

/** For long words: a heap of pairs, in time proportional to n log n. */
export function mergeByHeap(symbols: Symbols, table: MergeTable, skip?: () => boolean): number {
  const { ids, starts, ends, count } = symbols
  const next = new Int32Array(count)
  const previous = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    next[i] = i + 1
    previous[i] = i - 1
  }
  const heap = new Heap()
  const offer = (left: number, right: number) => {
    if (left < 0 || right >= count) return
    const rank = table.rank(table.find(ids[left]!, ids[right]!))
    if (rank >= 0) heap.push(rank * POSITIONS + left)
  }
  for (let i = 0; i + 1 < count; i++) offer(i, i + 1)
  let last = -1
  let skipped: number[] = []
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    if (skip?.()) {
      skipped.push(top)
      continue
    }
    for (const entry of skipped) heap.push(entry)
    skipped = []
    const left = top % POSITIONS
    const right = next[left]!
    if (ids[left] === REMOVED || right >= count) continue
    const place = table.find(ids[left]!, ids[right]!)
    // The entry is stale if one of its symbols has been merged since.
    if (table.rank(place) !== Math.floor(top / POSITIONS)) continue
    last = place
    ids[left] = table.made(place)
    ends[left] = ends[right]!
    ids[right] = REMOVED
    next[left] = next[right]!
    if (next[left]! < count) previous[next[left]!] = left
    offer(previous[left]!, left)
    offer(left, next[left]!)
  }
  let kept = 0
  for (let i = 0; i < count; i = next[i]!) {
    ids[kept] = ids[i]!
    starts[kept] = starts[i]!
    ends[kept++] = ends[i]!
  }
  symbols.count = kept
  return last
}

/** A binary heap of numbers, the smallest first. */
class Heap {
  readonly #items: number[] = []

  push(item: number): void {
    const items = this.#items
    let i = items.length
    items.push(item)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (items[parent]! <= item) break
      items[i] = items[parent]!
      i = parent
    }
    items[i] = item
  }

  pop(): number | undefined {
    const items = this.#items
    const top = items[0]
    const last = items.pop()
    if (items.length === 0 || last === undefined) return top
    const size = items.length
    let i = 0
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && items[child + 1]! < items[child]!) child++
      if (items[child]! >= last) break
      items[i] = items[child]!
      i = child
    }
    items[i] = last
    return top
  }
}
