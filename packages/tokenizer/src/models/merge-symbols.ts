import type { MergeTable } from './merge-table.ts'

/** The symbols of a word while they are merged: ids, and the range of the word that each stands for. */
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

/** Makes room for `capacity` symbols; what is there is lost. */
export function reserve(symbols: Symbols, capacity: number): void {
  if (capacity > symbols.ids.length) Object.assign(symbols, newSymbols(2 * capacity))
}

export function addSymbol(symbols: Symbols, id: number, start: number, end: number): void {
  const at = symbols.count++
  symbols.ids[at] = id
  symbols.starts[at] = start
  symbols.ends[at] = end
}

/** Up to here, looking over all pairs for the best one is faster than a heap. */
const SHORT = 48

/**
 * Merges the pair of lowest rank (of equal ones the leftmost) until no pair merges.
 *
 * @param skip called for every merge that is about to happen; true leaves it out this time (BPE dropout)
 */
export function mergeSymbols(symbols: Symbols, table: MergeTable, skip?: () => boolean): void {
  if (symbols.count < 2) return
  if (symbols.count <= SHORT && skip === undefined) mergeByScanning(symbols, table)
  else mergeByHeap(symbols, table, skip)
}

const NO_MERGE = 0x7fffffff

// Place and rank of each symbol's merge with the next one.
const places = new Int32Array(SHORT + 1)
const ranks = new Int32Array(SHORT + 1)

/** For short words: the best pair is looked for among all each time. */
function mergeByScanning(symbols: Symbols, table: MergeTable): void {
  const { ids, starts, ends } = symbols
  let { count } = symbols
  for (let i = 0; i + 1 < count; i++) look(ids, table, i)
  while (count > 1) {
    let best = 0
    let bestRank = ranks[0]!
    for (let i = 1; i + 1 < count; i++) {
      if (ranks[i]! < bestRank) {
        bestRank = ranks[i]!
        best = i
      }
    }
    if (bestRank === NO_MERGE) break
    ids[best] = table.made(places[best]!)
    ends[best] = ends[best + 1]!
    count--
    for (let i = best + 1; i < count; i++) {
      ids[i] = ids[i + 1]!
      starts[i] = starts[i + 1]!
      ends[i] = ends[i + 1]!
      places[i] = places[i + 1]!
      ranks[i] = ranks[i + 1]!
    }
    if (best > 0) look(ids, table, best - 1)
    if (best + 1 < count) look(ids, table, best)
  }
  symbols.count = count
}

function look(ids: Int32Array, table: MergeTable, i: number): void {
  const place = table.find(ids[i]!, ids[i + 1]!)
  const rank = table.rank(place)
  places[i] = place
  ranks[i] = rank < 0 ? NO_MERGE : rank
}

// Rank and position in one number, so that the heap orders by rank first; both stay below 2^26.
const POSITIONS = 2 ** 27

const REMOVED = -1

/** For long words: a heap of the pairs that merge, in time proportional to n log n. */
export function mergeByHeap(symbols: Symbols, table: MergeTable, skip?: () => boolean): void {
  const { ids, starts, ends, count } = symbols
  const next = Int32Array.from({ length: count }, (_, i) => i + 1)
  const previous = Int32Array.from({ length: count }, (_, i) => i - 1)
  const heap = new Heap()
  const offer = (left: number, right: number) => {
    if (left < 0 || right >= count) return
    const rank = table.rank(table.find(ids[left]!, ids[right]!))
    if (rank >= 0) heap.push(rank * POSITIONS + left)
  }
  for (let i = 0; i + 1 < count; i++) offer(i, i + 1)
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
    // The entry may be from before one of the two was merged with something else.
    if (table.rank(place) !== Math.floor(top / POSITIONS)) continue
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
