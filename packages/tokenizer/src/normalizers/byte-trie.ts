import { HeddleError, show } from '@heddle/core'

/**
 * SentencePiece's compiled character map: a double-array trie of byte strings, and their replacements.
 *
 * @see https://github.com/google/sentencepiece/blob/master/src/normalizer.cc
 */
export class ByteTrie {
  readonly #trie: Uint32Array
  readonly #texts: Uint8Array

  /** @param bytes of the map; none for a map that changes nothing */
  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const size = bytes.length >= 4 ? view.getUint32(0, true) : 0
    if (bytes.length > 0 && (size % 4 !== 0 || 4 + size > bytes.length)) {
      throw new HeddleError(
        'format',
        `Precompiled: expected a trie within the ${bytes.length} bytes of the map, got one of ${size} bytes. The map is damaged.`,
      )
    }
    this.#trie = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true))
    this.#texts = bytes.subarray(Math.min(bytes.length, 4 + size))
  }

  get isEmpty(): boolean {
    return this.#trie.length === 0
  }

  /**
   * Calls `found` for each entry that is a prefix of `key`, shortest first.
   *
   * @param found takes the entry's length in bytes and its replacement; returns true to end the search
   */
  prefixes(key: Iterable<number>, found: (length: number, text: string) => boolean | undefined): void {
    const trie = this.#trie
    if (trie.length === 0) return
    // A unit of a Darts trie holds the offset to its children, its byte, and a flag for a value below it.
    let at = offsetOf(trie[0]!)
    let length = 0
    for (const byte of key) {
      if (byte === 0) return
      at ^= byte
      const unit = trie[at]
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return
      at ^= offsetOf(unit)
      length++
      if (((unit >>> 8) & 1) === 1) {
        const value = trie[at]
        const text = value === undefined ? undefined : this.#textAt(value & 0x7fffffff)
        if (text !== undefined && found(length, text)) return
      }
    }
  }

  /** Whether an entry begins with all of `key`. */
  hasPrefix(key: Iterable<number>): boolean {
    const trie = this.#trie
    if (trie.length === 0) return false
    let at = offsetOf(trie[0]!)
    for (const byte of key) {
      at ^= byte
      const unit = trie[at]
      if (byte === 0 || unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return false
      at ^= offsetOf(unit)
    }
    return true
  }

  #textAt(start: number): string | undefined {
    if (start > this.#texts.length) return undefined
    const end = this.#texts.indexOf(0, start)
    return new TextDecoder().decode(this.#texts.subarray(start, end < 0 ? this.#texts.length : end))
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6)

export function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    throw new HeddleError('format', `Precompiled: expected a map in base64, got ${show(text)}. The map is damaged.`)
  }
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
