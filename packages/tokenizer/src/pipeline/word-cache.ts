import type { TokenBuffer } from '../encoding/token-buffer.ts'

const FIRST_SLOTS = 1 << 12
const MAX_ENTRIES = 1 << 18
// Longer pre-tokens rarely occur again.
const MAX_LENGTH = 64

const EMPTY = 0

/**
 * A cache of the tokens of pre-tokens.
 *
 * Keys are compared in place, in a hash table over flat arrays: a lookup allocates nothing and mostly touches two places in memory, a slot
 * and an entry.
 */
export class WordCache {
  // For each slot the hash and the place of its entry in `#data`, 0 for a free slot. At most half of the slots are taken.
  #slots: Int32Array<ArrayBuffer> = new Int32Array(2 * FIRST_SLOTS)
  #mask = FIRST_SLOTS - 1
  #entries = 0
  // For each entry: length of the key and number of tokens (16 bits each), the key, two units in one number, then for each token its id, and
  // its start and end (16 bits each).
  #data = new Int32Array(1 << 14)
  #used = 1
  // Key, hash and slot for `keep`, from the last miss of `recall`.
  readonly #key: Int32Array<ArrayBuffer> = new Int32Array(MAX_LENGTH / 2)
  #hash = 0
  #slot = 0

  /** Appends the tokens of the pre-token from `start` to `end` of `text` to `out`, if the cache has them; returns whether it does. */
  recall(text: string, start: number, end: number, out: TokenBuffer): boolean {
    const length = end - start
    if (length > MAX_LENGTH) return false
    const key = this.#key
    let hash = length
    let size = 0
    for (let i = start; i < end; i += 2) {
      const units = i + 1 < end ? text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16) : text.charCodeAt(i)
      key[size++] = units
      hash = Math.imul(hash ^ units, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    const slots = this.#slots
    const mask = this.#mask
    let slot = hash & mask
    for (let place = slots[2 * slot + 1]!; place !== EMPTY; place = slots[2 * slot + 1]!) {
      if (slots[2 * slot] === hash && this.#isKey(place, length, size)) {
        this.#append(place, size, out)
        return true
      }
      slot = (slot + 1) & mask
    }
    this.#slot = slot
    this.#hash = hash
    return false
  }

  /** Stores the tokens of `out` from `from` on for the pre-token, of `length` units, of the last miss of `recall`; clears the cache when full. */
  keep(length: number, out: TokenBuffer, from: number): void {
    if (length > MAX_LENGTH) return
    if (this.#entries === MAX_ENTRIES) {
      this.clear()
      return
    }
    const size = (length + 1) >> 1
    const count = out.length - from
    this.#reserve(1 + size + 2 * count)
    const data = this.#data
    const place = this.#used
    data[place] = length | (count << 16)
    let at = place + 1
    let largest = count
    for (let i = 0; i < size; i++) data[at++] = this.#key[i]!
    for (let i = from; i < out.length; i++) {
      data[at++] = out.ids[i]!
      data[at++] = out.starts[i]! | (out.ends[i]! << 16)
      largest |= out.starts[i]! | out.ends[i]!
    }
    // Numbers that do not fit are those of unusual models: their pre-token is tokenized anew each time.
    if (largest > 0xffff) return
    this.#used = at
    this.#slots[2 * this.#slot] = this.#hash
    this.#slots[2 * this.#slot + 1] = place
    if (2 * ++this.#entries > this.#mask) this.#grow()
  }

  clear(): void {
    this.#slots.fill(EMPTY)
    this.#entries = 0
    this.#used = 1
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(4 * old.length)
    const mask = slots.length / 2 - 1
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === EMPTY) continue
      let slot = old[i]! & mask
      while (slots[2 * slot + 1] !== EMPTY) slot = (slot + 1) & mask
      slots[2 * slot] = old[i]!
      slots[2 * slot + 1] = old[i + 1]!
    }
    this.#slots = slots
    this.#mask = mask
  }

  #isKey(place: number, length: number, size: number): boolean {
    const data = this.#data
    const key = this.#key
    if ((data[place]! & 0xffff) !== length) return false
    for (let i = 0; i < size; i++) if (data[place + 1 + i] !== key[i]) return false
    return true
  }

  #append(place: number, size: number, out: TokenBuffer): void {
    const data = this.#data
    const count = data[place]! >>> 16
    let at = out.length
    out.reserve(at + count)
    const { ids, starts, ends } = out
    for (let i = place + 1 + size, last = i + 2 * count; i < last; i += 2) {
      const range = data[i + 1]!
      ids[at] = data[i]!
      starts[at] = range & 0xffff
      ends[at++] = range >>> 16
    }
    out.length = at
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#data.length) return
    const larger = new Int32Array(2 * this.#data.length + count)
    larger.set(this.#data)
    this.#data = larger
  }
}
