import type { TokenBuffer } from '../encoding/token-buffer.ts'

// An entry fills a cache line of 64 bytes: number of units and tokens, units in pairs, ids, ends of the tokens in bytes.
const ENTRY_BITS = 4
const KEY = 1
const IDS = 7
const ENDS = 14
const MOST_UNITS = 2 * (IDS - KEY)
const MOST_TOKENS = ENDS - IDS
const MOST_END = 0xff

const ENTRIES = 1 << 13

/**
 * A cache of the tokens of short pre-tokens, which share their pre-token out without gaps.
 *
 * A table of a fixed size, in which a pre-token has one place and replaces the one that is there: it stays within the processor's cache, and a
 * lookup touches one line of it and allocates nothing.
 */
export class WordCache {
  readonly #entries: Int32Array<ArrayBuffer> = new Int32Array(ENTRIES << ENTRY_BITS)
  // Key and place for `keep`, from the last miss of `recall`.
  readonly #key: Int32Array<ArrayBuffer> = new Int32Array(MOST_UNITS / 2)
  #place = 0

  /** Appends the tokens of the pre-token from `start` to `end` of `text` to `out`, if the cache has them; returns whether it does. */
  recall(text: Uint16Array, start: number, end: number, out: TokenBuffer): boolean {
    const length = end - start
    if (length === 0 || length > MOST_UNITS) return false
    const key = this.#key
    let hash = length
    let size = 0
    for (let i = start; i < end; i += 2) {
      const units = i + 1 < end ? text[i]! | (text[i + 1]! << 16) : text[i]!
      key[size++] = units
      hash = Math.imul(hash ^ units, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    const place = (hash & (ENTRIES - 1)) << ENTRY_BITS
    this.#place = place
    const entries = this.#entries
    const head = entries[place]!
    if ((head & 0xff) !== length) return false
    for (let i = 0; i < size; i++) if (entries[place + KEY + i] !== key[i]) return false
    const count = head >> 8
    let at = out.length
    out.reserve(at + count)
    const { ids, starts, ends } = out
    let last = 0
    for (let i = 0; i < count; i++) {
      ids[at] = entries[place + IDS + i]!
      starts[at] = last
      last = (entries[place + ENDS + (i >> 2)]! >>> (8 * (i & 3))) & 0xff
      ends[at++] = last
    }
    out.length = at
    return true
  }

  /** Stores the tokens of `out` from `from` on for the pre-token, of `length` units, of the last miss of `recall`. */
  keep(length: number, out: TokenBuffer, from: number): void {
    const count = out.length - from
    if (length === 0 || length > MOST_UNITS || count > MOST_TOKENS) return
    const entries = this.#entries
    const place = this.#place
    entries[place] = 0
    entries[place + ENDS] = 0
    entries[place + ENDS + 1] = 0
    let last = 0
    for (let i = 0; i < count; i++) {
      const end = out.ends[from + i]!
      if (out.starts[from + i] !== last || end > MOST_END) return
      entries[place + IDS + i] = out.ids[from + i]!
      entries[place + ENDS + (i >> 2)]! |= end << (8 * (i & 3))
      last = end
    }
    const key = this.#key
    for (let i = 0; 2 * i < length; i++) entries[place + KEY + i] = key[i]!
    entries[place] = length | (count << 8)
  }

  clear(): void {
    this.#entries.fill(0)
  }
}
