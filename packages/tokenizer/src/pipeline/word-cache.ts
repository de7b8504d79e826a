import type { TokenBuffer } from '../encoding/token-buffer.ts'

const FIRST_SLOTS = 1 << 12
const MAX_ENTRIES = 1 << 18
// Longer pre-tokens rarely occur again.
const MAX_LENGTH = 64

const EMPTY = 0
// Offsets of the parts of an entry.
const KEY = 0
const KEY_LENGTH = 1
const HASH = 2
const COUNT = 3
const TOKENS = 4

/**
 * A cache of the tokens of pre-tokens.
 *
 * Keys are compared in place, in a hash table over flat arrays: a lookup allocates nothing.
 */
export class WordCache {
  // Places of entries in `#data`, by hash; 0 is free. At most half of the slots are taken.
  #slots: Int32Array<ArrayBuffer> = new Int32Array(FIRST_SLOTS)
  #entries = 0
  // For each entry: place and length of its units, hash, number of tokens, then id, start and end of each.
  #data = new Int32Array(1 << 14)
  #dataUsed = 1
  #units = new Uint16Array(1 << 14)
  #unitsUsed = 0
  // Slot and hash for `keep`, from the last miss of `recall`.
  #missedSlot = 0
  #missedHash = 0

  /** Appends the tokens of the pre-token from `start` to `end` of `text` to `out`, if the cache has them; returns whether it does. */
  recall(text: string, start: number, end: number, out: TokenBuffer): boolean {
    const length = end - start
    if (length > MAX_LENGTH) return false
    let hash = length
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1)
    hash ^= hash >>> 15
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = hash & mask
    for (; slots[slot] !== EMPTY; slot = (slot + 1) & mask) {
      const place = slots[slot]!
      if (this.#data[place + KEY_LENGTH] === length && this.#isKey(this.#data[place + KEY]!, text, start, length)) {
        this.#append(place, out)
        return true
      }
    }
    this.#missedSlot = slot
    this.#missedHash = hash
    return false
  }

  /** Stores the tokens of `out` from `from` on for the pre-token of the last miss of `recall`; clears the cache when full. */
  keep(text: string, start: number, end: number, out: TokenBuffer, from: number): void {
    if (end - start > MAX_LENGTH) return
    if (this.#entries === MAX_ENTRIES) {
      this.clear()
      return
    }
    const count = out.length - from
    this.#reserve(TOKENS + 3 * count, end - start)
    const data = this.#data
    const place = this.#dataUsed
    data[place + KEY] = this.#unitsUsed
    data[place + KEY_LENGTH] = end - start
    data[place + HASH] = this.#missedHash
    data[place + COUNT] = count
    let at = place + TOKENS
    for (let i = from; i < out.length; i++) {
      data[at++] = out.ids[i]!
      data[at++] = out.starts[i]!
      data[at++] = out.ends[i]!
    }
    this.#dataUsed = at
    for (let i = start; i < end; i++) this.#units[this.#unitsUsed++] = text.charCodeAt(i)
    this.#slots[this.#missedSlot] = place
    if (2 * ++this.#entries > this.#slots.length) this.#grow()
  }

  clear(): void {
    this.#slots.fill(EMPTY)
    this.#entries = 0
    this.#dataUsed = 1
    this.#unitsUsed = 0
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(4 * old.length)
    const mask = slots.length - 1
    for (const place of old) {
      if (place === EMPTY) continue
      let slot = this.#data[place + HASH]! & mask
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask
      slots[slot] = place
    }
    this.#slots = slots
  }

  #isKey(key: number, text: string, start: number, length: number): boolean {
    const units = this.#units
    for (let i = 0; i < length; i++) if (units[key + i] !== text.charCodeAt(start + i)) return false
    return true
  }

  #append(place: number, out: TokenBuffer): void {
    const data = this.#data
    const count = data[place + COUNT]!
    let at = out.length
    out.reserve(at + count)
    const { ids, starts, ends } = out
    for (let i = place + TOKENS, last = i + 3 * count; i < last; i += 3) {
      ids[at] = data[i]!
      starts[at] = data[i + 1]!
      ends[at] = data[i + 2]!
      at++
    }
    out.length = at
  }

  #reserve(data: number, units: number): void {
    if (this.#dataUsed + data > this.#data.length) {
      const larger = new Int32Array(2 * this.#data.length + data)
      larger.set(this.#data)
      this.#data = larger
    }
    if (this.#unitsUsed + units > this.#units.length) {
      const larger = new Uint16Array(2 * this.#units.length + units)
      larger.set(this.#units)
      this.#units = larger
    }
  }
}
