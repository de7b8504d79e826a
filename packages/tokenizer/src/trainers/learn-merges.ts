import type { Turns } from '@heddle/core'
import type { TrainingProgress } from '../pipeline/points.ts'
import { PairCounts } from './pair-counts.ts'
import { PairQueue } from './pair-queue.ts'
import type { WordTable } from './word-table.ts'

export interface LearnOptions {
  readonly vocabSize: number
  readonly minFrequency: number
  /** Largest number of characters of a token. */
  readonly maxTokenLength: number
  /** Prefix that the second part of a merge loses. */
  readonly prefix: string
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}

const MERGES_PER_EVENT = 100
/** Words that are looked at between two turns. */
const WORDS_PER_TURN = 20_000

/**
 * Learns merges: repeatedly makes the most frequent pair of adjacent symbols a symbol.
 *
 * Counts are updated for the words in which a merge happens. A pair in the queue whose count has changed is put back with its new count
 * when its turn comes.
 *
 * @param tokens the vocabulary so far, by id; learned tokens are added
 * @returns turns, then the merges: the ids of both parts and of the result
 * @see Sennrich et al. 2016, algorithm 1
 */
export function* learnMerges(
  words: WordTable,
  tokens: string[],
  options: LearnOptions,
): Turns<[number, number, number][]> {
  const { vocabSize, minFrequency, maxTokenLength, prefix, onProgress } = options
  const ids = new Map(tokens.map((token, id) => [token, id]))
  // In characters: the length of a merge is the sum of the lengths of its parts.
  const lengths = tokens.map(() => 1)
  const pairs = new PairCounts()
  const queue = new PairQueue(pairs)
  const places = new PlaceLists()
  words.forEachPair((left, right, word, count) => {
    const pair = pairs.number(left, right)
    pairs.counts[pair]! += count
    places.add(pair, word)
  })
  const enqueue = () => {
    for (const [pair, found] of places.take()) {
      const count = pairs.counts[pair]!
      if (count > 0) queue.push({ pair, count, words: found })
    }
  }
  enqueue()
  yield

  const merges: [number, number, number][] = []
  let looked = 0
  while (ids.size < vocabSize) {
    const top = queue.pop()
    if (top === undefined) break
    const current = pairs.counts[top.pair]!
    if (top.count !== current) {
      top.count = current
      queue.push(top)
      continue
    }
    if (current < 1 || minFrequency > current) break
    const left = pairs.left[top.pair]!
    const right = pairs.right[top.pair]!
    const tail = tokens[right]!
    const token = tokens[left]! + (prefix !== '' && tail.startsWith(prefix) ? tail.slice(prefix.length) : tail)
    let made = ids.get(token)
    if (made === undefined) {
      made = tokens.length
      tokens.push(token)
      ids.set(token, made)
    }
    // Also for a token that existed before, such as a special token.
    lengths[made] = lengths[left]! + lengths[right]!
    merges.push([left, right, made])
    words.merge(top.words, left, right, made, (a, b, change, word) => {
      if (change > 0 && lengths[a]! + lengths[b]! >= maxTokenLength) return
      const pair = pairs.number(a, b)
      pairs.counts[pair]! += change
      if (change > 0) places.add(pair, word)
    })
    enqueue()
    looked += 1 + top.words.length
    if (looked > WORDS_PER_TURN) {
      yield
      looked = 0
    }
    if (merges.length % MERGES_PER_EVENT === 0)
      onProgress?.({ stage: 'learn merges', done: ids.size, total: vocabSize })
  }
  onProgress?.({ stage: 'learn merges', done: ids.size, total: ids.size })
  return merges
}

/** For pairs that are to be queued, the words in which they occur, each once. */
class PlaceLists {
  #lists = new Map<number, number[]>()

  /** Words come in order, so that one that comes again is the last of its list. */
  add(pair: number, word: number): void {
    const list = this.#lists.get(pair)
    if (list === undefined) this.#lists.set(pair, [word])
    else if (list.at(-1) !== word) list.push(word)
  }

  take(): Map<number, number[]> {
    const lists = this.#lists
    this.#lists = new Map()
    return lists
  }
}
