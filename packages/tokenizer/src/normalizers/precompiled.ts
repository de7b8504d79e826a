import { HeddleError, show } from '@heddle/core'
import { z } from 'zod'
import type { AlignedText } from '../pipeline/aligned-text.ts'
import { type Normalizer, normalizerPoint } from '../pipeline/points.ts'
import { changeSources } from './change-sources.ts'

/**
 * SentencePiece's character map: a trie of byte strings and what they become, as the .model file holds it.
 *
 * As in the Rust library, a grapheme of fewer than six bytes is looked up as a whole, other text character by character, and of several
 * entries that fit the shortest counts.
 *
 * @see https://github.com/google/sentencepiece/blob/master/src/normalizer.cc
 */
export class Precompiled implements Normalizer {
  readonly #charsmap: string
  readonly #trie: Uint32Array
  readonly #texts: Uint8Array
  readonly #known = new Map<string, string | undefined>()

  /** @param charsmap the bytes, or the same in base64 */
  constructor(charsmap: string | Uint8Array) {
    this.#charsmap = typeof charsmap === 'string' ? charsmap : toBase64(charsmap)
    const bytes = typeof charsmap === 'string' ? fromBase64(charsmap) : charsmap
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

  normalize(text: AlignedText): AlignedText {
    const input = text.text
    if (this.#trie.length === 0) return text
    let output = ''
    const changes: number[] = []
    const put = (part: string, mapped: string | undefined) => {
      const count = changes.length
      for (const _ of mapped ?? part) changes.push(0)
      output += mapped ?? part
      const added = changes.length - count - [...part].length
      if (added > 0) changes.fill(1, changes.length - added)
      else if (added < 0 && changes.length > 0) changes[changes.length - 1]! += added
    }
    for (const grapheme of SINGLE_CHARACTERS.test(input) ? input : graphemes(input)) {
      const mapped = utf8Length(grapheme) < 6 ? this.#lookUp(grapheme) : undefined
      if (mapped !== undefined) put(grapheme, mapped)
      else for (const character of grapheme) put(character, this.#lookUp(character))
    }
    return output === input ? text : text.derive(output, () => changeSources(input, output, changes))
  }

  toJSON() {
    return { type: 'Precompiled', precompiled_charsmap: this.#charsmap }
  }

  #lookUp(part: string): string | undefined {
    if (this.#known.has(part)) return this.#known.get(part)
    const mapped = this.#search(encoder.encode(part))
    if (this.#known.size < 1 << 16) this.#known.set(part, mapped)
    return mapped
  }

  // The double-array trie of Darts: a unit holds the offset to its children, its own byte, and whether a value hangs below it.
  #search(key: Uint8Array): string | undefined {
    const trie = this.#trie
    let at = offsetOf(trie[0]!)
    for (const byte of key) {
      if (byte === 0) return undefined
      at ^= byte
      const unit = trie[at]
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined
      at ^= offsetOf(unit)
      if (((unit >>> 8) & 1) === 1) {
        const value = trie[at]
        return value === undefined ? undefined : this.#textAt(value & 0x7fffffff)
      }
    }
    return undefined
  }

  #textAt(start: number): string | undefined {
    if (start > this.#texts.length) return undefined
    const end = this.#texts.indexOf(0, start)
    return new TextDecoder().decode(this.#texts.subarray(start, end < 0 ? this.#texts.length : end))
  }
}

const encoder = new TextEncoder()
const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & (1 << 9)) >>> 6)

// Text in which every character is a grapheme of its own.
const SINGLE_CHARACTERS = /^[\n -~\u3000-\u3029\u3030-\u3096\uac00-\ud7a3\u4e00-\u9fff\uff01-\uff9d]*$/

function* graphemes(text: string): Generator<string> {
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) yield segment
}

function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    throw new HeddleError('format', `Precompiled: expected a map in base64, got ${show(text)}. The map is damaged.`)
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export const precompiled = normalizerPoint.of({
  name: 'Precompiled',
  summary: "SentencePiece's character map",
  config: z.strictObject({ precompiled_charsmap: z.string() }),
  create: (config) => new Precompiled(config.precompiled_charsmap),
})
