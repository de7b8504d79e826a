import { UnitTrie } from '../models/unit-trie.ts'
import { unitsAt } from '../unicode/code-point.ts'

/** A piece and its log probability (or, while training, its weight). */
export interface Piece {
  readonly text: string
  readonly score: number
}

const UNKNOWN_PENALTY = 10
const UNKNOWN = 0

/** Above this distance of logarithms the smaller probability does not count. */
const NEGLIGIBLE = 50

/** All segmentations of words into the pieces of a unigram model; piece 0 stands for unknown characters. */
export class UnigramLattice {
  readonly #trie = new UnitTrie()
  readonly #scores: Float64Array
  // The edges of the current word in the order of their starts: end, piece and score of each.
  #ends = new Int32Array(1024)
  #ids = new Int32Array(1024)
  #edgeScores = new Float64Array(1024)
  // First edge of each position, and one more entry at the end.
  #first = new Int32Array(256)
  #forward = new Float64Array(256)
  #backward = new Float64Array(256)
  #from = new Int32Array(256)

  constructor(pieces: readonly Piece[]) {
    let least = Number.POSITIVE_INFINITY
    for (let id = 1; id < pieces.length; id++) {
      const { text, score } = pieces[id]!
      this.#trie.insert(text, id)
      if (score < least) least = score
    }
    this.#scores = Float64Array.from(pieces, ({ score }) => score)
    this.#scores[UNKNOWN] = least - UNKNOWN_PENALTY
  }

  /**
   * Adds to `expected`, for each piece, its expected count in `count` times the word, over all segmentations weighted by probability.
   */
  addExpected(word: string, count: number, expected: Float64Array): void {
    this.#populate(word, false)
    const length = word.length
    const forward = this.#forward
    const backward = this.#backward
    const first = this.#first
    const ends = this.#ends
    const scores = this.#edgeScores
    forward.fill(Number.NEGATIVE_INFINITY, 0, length + 1)
    forward[0] = 0
    for (let start = 0; start < length; start++) {
      const base = forward[start]!
      for (let edge = first[start]!; edge < first[start + 1]!; edge++) {
        const end = ends[edge]!
        forward[end] = logSumExp(forward[end]!, base + scores[edge]!)
      }
    }
    backward[length] = 0
    for (let start = length - 1; start >= 0; start--) {
      let sum = Number.NEGATIVE_INFINITY
      for (let edge = first[start]!; edge < first[start + 1]!; edge++)
        sum = logSumExp(sum, scores[edge]! + backward[ends[edge]!]!)
      backward[start] = sum
    }
    const total = forward[length]!
    for (let start = 0; start < length; start++) {
      for (let edge = first[start]!; edge < first[start + 1]!; edge++) {
        const id = this.#ids[edge]!
        expected[id]! += count * Math.exp(forward[start]! + scores[edge]! + backward[ends[edge]!]! - total)
      }
    }
  }

  /** The pieces of the word's most probable segmentation, in reverse. */
  best(word: string): number[] {
    return this.#viterbi(word, false).path
  }

  /** The most probable segmentation of the word into two or more pieces, in reverse, and its score; undefined when there is none. */
  bestSplit(word: string): { path: number[]; score: number } | undefined {
    const result = this.#viterbi(word, true)
    return result.path.length === 0 ? undefined : result
  }

  #viterbi(word: string, withoutWhole: boolean): { path: number[]; score: number } {
    this.#populate(word, withoutWhole)
    const length = word.length
    const best = this.#forward
    const from = this.#from
    from.fill(-1, 0, length + 1)
    best[0] = 0
    for (let start = 0; start < length; start++) {
      if (start > 0 && from[start]! < 0) continue
      for (let edge = this.#first[start]!; edge < this.#first[start + 1]!; edge++) {
        const end = this.#ends[edge]!
        const score = best[start]! + this.#edgeScores[edge]!
        if (from[end]! >= 0 && score <= best[end]!) continue
        best[end] = score
        from[end] = edge
        // Start of the edge, for the backward pass.
        this.#backward[end] = start
      }
    }
    const path: number[] = []
    if (from[length]! >= 0)
      for (let end = length; end > 0; end = this.#backward[end]!) path.push(this.#ids[from[end]!]!)
    return { path, score: best[length]! }
  }

  // Lists the edges of a word, in the order of where they begin and end. `withoutWhole` leaves out the one that covers the word.
  #populate(word: string, withoutWhole: boolean): void {
    const length = word.length
    if (this.#first.length <= length + 1) {
      this.#first = new Int32Array(2 * length + 2)
      this.#forward = new Float64Array(2 * length + 2)
      this.#backward = new Float64Array(2 * length + 2)
      this.#from = new Int32Array(2 * length + 2)
    }
    const trie = this.#trie
    let edges = 0
    for (let start = 0; start < length; start++) {
      this.#first[start] = edges
      const unit = word.charCodeAt(start)
      if ((unit & 0xfc00) === 0xdc00 && start > 0 && (word.charCodeAt(start - 1) & 0xfc00) === 0xd800) continue
      const size = unitsAt(word, start)
      if (edges + length - start + 1 > this.#ends.length) this.#growEdges(edges + length - start + 1)
      let hasSingle = false
      let node = trie.child(0, unit)
      for (let end = start + 1; node >= 0; end++) {
        const id = trie.value(node)
        if (id >= 0 && !(withoutWhole && end - start === length)) {
          if (end - start === size) hasSingle = true
          this.#ends[edges] = end
          this.#ids[edges] = id
          this.#edgeScores[edges++] = this.#scores[id]!
        }
        if (end >= length) break
        node = trie.child(node, word.charCodeAt(end))
      }
      if (hasSingle || (withoutWhole && size === length)) continue
      this.#ends[edges] = start + size
      this.#ids[edges] = UNKNOWN
      this.#edgeScores[edges++] = this.#scores[UNKNOWN]!
    }
    this.#first[length] = edges
  }

  #growEdges(atLeast: number): void {
    const size = Math.max(atLeast, 2 * this.#ends.length)
    const [ends, ids, scores] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)]
    ends.set(this.#ends)
    ids.set(this.#ids)
    scores.set(this.#edgeScores)
    this.#ends = ends
    this.#ids = ids
    this.#edgeScores = scores
  }
}

/** log(exp(a) + exp(b)). */
function logSumExp(a: number, b: number): number {
  const low = Math.min(a, b)
  const high = Math.max(a, b)
  return high > low + NEGLIGIBLE ? high : high + Math.log(Math.exp(low - high) + 1)
}
