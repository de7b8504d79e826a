import type { TokenBuffer } from '../encoding/token-buffer.ts'
import type { Vocabulary } from '../pipeline/vocabulary.ts'
import { addSymbol, mergeSymbols, newSymbols, reserve } from './merge-symbols.ts'
import type { MergeTable } from './merge-table.ts'
import { PackedTrie, ROOT } from './packed-trie.ts'
import { UnitTrie } from './unit-trie.ts'

const NOT_LOOKED_UP = -3
// A token that merging its characters does not lead to.
const NEVER = -2
// A single character: no merge makes it.
const CHARACTER = -1
const LAST = 0x7fffffff

const PAIRS = 1 << 15

/**
 * Byte pair encoding by a search for tokens instead of merges.
 *
 * Merging never moves a border that remains: both sides of it merge as they would alone. So the tokens of a word are the only ones that
 * (1) each result from merging their own characters and (2) of which every two neighbors remain two when their characters are merged. The search
 * takes the longest such token from left to right, and a shorter one where the rest cannot follow. The tokens up to a place are the only ones
 * there, so a place that led nowhere is not tried again, and the time is linear. Any list of merges will do: the proof does not depend on it.
 *
 * @see van Antwerpen and Neubeck 2024, "So many tokens, so little time"
 */
export class TokenSearch {
  readonly #vocabulary: Vocabulary
  readonly #table: MergeTable
  readonly #characterId: (unit: number) => number
  readonly #trie: PackedTrie
  // Whether each merge joins results of earlier merges only. Then symbols change in the order of ranks, which shows who would merge with whom.
  readonly #isOrdered: boolean
  // For each token the rank of the merge that makes it, once it is looked up, and the two tokens that this merges.
  readonly #ranks: Int32Array<ArrayBuffer>
  readonly #lefts: Int32Array<ArrayBuffer>
  readonly #rights: Int32Array<ArrayBuffer>
  // Pairs that were tried lately: left, and right times 2, plus 1 if both remain.
  readonly #pairs: Int32Array<ArrayBuffer> = new Int32Array(2 * PAIRS).fill(-1)
  readonly #symbols = newSymbols()
  // The path, and for each place the number of the search that found it to lead nowhere.
  #ids = new Int32Array(64)
  #starts = new Int32Array(64)
  #dead = new Int32Array(64)
  #search = 0
  // End of the token that `#longest` found.
  #end = 0

  /**
   * @param merges ids of the left token, the right token and the result of each merge in turn
   * @param characterId id of the token of a unit, or -1
   */
  constructor(vocabulary: Vocabulary, table: MergeTable, merges: Int32Array, characterId: (unit: number) => number) {
    this.#vocabulary = vocabulary
    this.#table = table
    this.#characterId = characterId
    const trie = new UnitTrie()
    const size = vocabulary.idLimit
    for (let id = 0; id < size; id++) {
      const token = vocabulary.token(id)
      if (token) trie.insert(token, id)
    }
    this.#trie = new PackedTrie(trie)
    this.#ranks = new Int32Array(size).fill(NOT_LOOKED_UP)
    this.#lefts = new Int32Array(size)
    this.#rights = new Int32Array(size)
    this.#isOrdered = isOrdered(merges, size)
  }

  /** Appends the tokens of the units from `from` to `to`; false, and none, if a unit is no known character. */
  tokenize(units: Uint16Array, from: number, to: number, out: TokenBuffer): boolean {
    if (to - from >= this.#ids.length) this.#grow(to - from)
    const ids = this.#ids
    const starts = this.#starts
    const dead = this.#dead
    const search = ++this.#search
    let count = 0
    let at = from
    let id = this.#longest(units, at, to)
    while (at < to) {
      if (id < 0) {
        if (count === 0) return false
        dead[at - from] = search
        const end = at
        at = starts[--count]!
        id = this.#longest(units, at, end - 1)
        continue
      }
      const end = this.#end
      if (dead[end - from] === search || (count > 0 && !this.#remain(ids[count - 1]!, id))) {
        id = this.#longest(units, at, end - 1)
        continue
      }
      ids[count] = id
      starts[count++] = at
      at = end
      if (at < to) id = this.#longest(units, at, to)
    }
    for (let i = 0; i < count; i++) out.push(ids[i]!, starts[i]! - from, (i + 1 < count ? starts[i + 1]! : to) - from)
    return true
  }

  /** Id of the token of all these units, whether merges lead to it or not, or -1. */
  whole(units: Uint16Array, from: number, to: number): number {
    let node = ROOT
    for (let i = from; i < to && node >= 0; i++) node = this.#trie.child(node, units[i]!)
    return node < 0 ? -1 : this.#trie.value(node)
  }

  // The longest token at `from` that merging leads to, up to `to`; -1 for none.
  #longest(units: Uint16Array, from: number, to: number): number {
    const trie = this.#trie
    const ranks = this.#ranks
    let found = -1
    let node = ROOT
    for (let i = from; i < to; ) {
      node = trie.child(node, units[i++]!)
      if (node < 0) break
      const id = trie.value(node)
      if (id < 0 || ranks[id] === NEVER) continue
      if (ranks[id] === NOT_LOOKED_UP && this.#lookUp(id) === NEVER) continue
      found = id
      this.#end = i
    }
    return found
  }

  // Merges the characters of a token, and notes the last merge.
  #lookUp(id: number): number {
    const symbols = this.#symbols
    symbols.count = 0
    reserve(symbols, this.#vocabulary.token(id)!.length)
    const length = this.#addCharacters(id, 0)
    if (length < 0) return (this.#ranks[id] = NEVER)
    if (length === 1) return (this.#ranks[id] = CHARACTER)
    const place = mergeSymbols(symbols, this.#table)
    if (symbols.count > 1 || symbols.ids[0] !== id) return (this.#ranks[id] = NEVER)
    this.#lefts[id] = this.#table.left(place)
    this.#rights[id] = this.#table.right(place)
    return (this.#ranks[id] = this.#table.rank(place))
  }

  // Appends the characters of a token to the symbols; their number, or -1 if one is unknown.
  #addCharacters(id: number, at: number): number {
    const token = this.#vocabulary.token(id)!
    for (let i = 0; i < token.length; i++) {
      const character = this.#characterId(token.charCodeAt(i))
      if (character < 0) return -1
      addSymbol(this.#symbols, character, at + i, at + i + 1)
    }
    return token.length
  }

  // Whether two tokens remain two when their characters are merged side by side.
  #remain(left: number, right: number): boolean {
    const pairs = this.#pairs
    const hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)
    const place = 2 * ((hash ^ (hash >>> 15)) & (PAIRS - 1))
    const known = pairs[place + 1]!
    if (pairs[place] === left && known >> 1 === right) return (known & 1) === 1
    const remain = this.#isOrdered ? this.#remainInOrder(left, right) : this.#remainMerged(left, right)
    pairs[place] = left
    pairs[place + 1] = (right << 1) | (remain ? 1 : 0)
    return remain
  }

  /**
   * Undoes the merges of both tokens, the last first. At each step the two symbols at the border stand side by side from the later of their own
   * merges until the earlier of the next ones: if they merge in between, the border falls. Of equal merges the left one comes first.
   */
  #remainInOrder(left: number, right: number): boolean {
    const table = this.#table
    const ranks = this.#ranks
    let leftEnd = LAST
    let rightEnd = LAST
    for (;;) {
      const rank = table.rank(table.find(left, right))
      if (rank >= 0 && rank < leftEnd && rank <= rightEnd) return false
      const leftRank = this.#rankOf(left, ranks)
      const rightRank = this.#rankOf(right, ranks)
      if (leftRank >= rightRank) {
        if (leftRank < 0) return true
        leftEnd = leftRank
        left = this.#rights[left]!
      } else {
        rightEnd = rightRank
        right = this.#lefts[right]!
      }
    }
  }

  #rankOf(id: number, ranks: Int32Array): number {
    const rank = ranks[id]!
    return rank === NOT_LOOKED_UP ? this.#lookUp(id) : rank
  }

  #remainMerged(left: number, right: number): boolean {
    const symbols = this.#symbols
    symbols.count = 0
    reserve(symbols, this.#vocabulary.token(left)!.length + this.#vocabulary.token(right)!.length)
    const border = this.#addCharacters(left, 0)
    this.#addCharacters(right, border)
    mergeSymbols(symbols, this.#table)
    const { ids, ends } = symbols
    return symbols.count === 2 && ends[0] === border && ids[0] === left && ids[1] === right
  }

  #grow(length: number): void {
    this.#ids = new Int32Array(2 * length)
    this.#starts = new Int32Array(2 * length)
    this.#dead = new Int32Array(2 * length)
    this.#search = 0
  }
}

function isOrdered(merges: Int32Array, size: number): boolean {
  const lastRanks = new Int32Array(size).fill(-1)
  for (let i = 0; i < merges.length; i += 3) lastRanks[merges[i + 2]!] = i
  for (let i = 0; i < merges.length; i += 3)
    if (lastRanks[merges[i]!]! >= i || lastRanks[merges[i + 1]!]! >= i) return false
  return true
}
