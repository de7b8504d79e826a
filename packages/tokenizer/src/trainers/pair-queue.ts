import type { PairCounts } from './pair-counts.ts'

/** A pair that may be merged, with the count that it had when it was entered and the words where it may occur. */
export interface Candidate {
  readonly pair: number
  count: number
  readonly words: readonly number[]
}

/** Candidates by count, the largest first; of equal ones the pair with the smaller ids. */
export class PairQueue {
  readonly #pairs: PairCounts
  readonly #heap: Candidate[] = []

  constructor(pairs: PairCounts) {
    this.#pairs = pairs
  }

  push(candidate: Candidate): void {
    const heap = this.#heap
    let i = heap.length
    heap.push(candidate)
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#precedes(candidate, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = candidate
  }

  pop(): Candidate | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (heap.length === 0 || last === undefined) return top
    let i = 0
    for (let child = 1; child < heap.length; child = 2 * i + 1) {
      if (child + 1 < heap.length && this.#precedes(heap[child + 1]!, heap[child]!)) child++
      if (!this.#precedes(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return top
  }

  #precedes(a: Candidate, b: Candidate): boolean {
    if (a.count !== b.count) return a.count > b.count
    const { left, right } = this.#pairs
    const difference = left[a.pair]! - left[b.pair]!
    return difference !== 0 ? difference < 0 : right[a.pair]! < right[b.pair]!
  }
}
