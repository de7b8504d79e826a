import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt } from '../unicode/code-point.ts'

// Kinds of units: unchanged, and so by lower case; unchanged, but not by lower case; replaced by their lower case; replaced by another text.
const SAME = 1
const KEPT = 2
const LOWERED = 3
const MAPPED = 4
const SURROGATE = 5

const CAPITAL_SIGMA = 0x03a3

const CHUNK = 4096

/**
 * Replaces each character by a string that depends on it alone.
 *
 * The replacement is computed once and kept in tables by UTF-16 unit; unchanged text is only scanned.
 */
export class CharacterMap {
  readonly #map: (character: string) => string
  readonly #kinds = new Uint8Array(0x10000)
  readonly #places: Uint32Array<ArrayBuffer> = new Uint32Array(0x10000)
  readonly #lengths = new Uint8Array(0x10000)
  #pool = new Uint16Array(1024)
  #poolUsed = 0
  readonly #astral = new Map<number, string>()
  #units = new Uint16Array(1024)

  /** @param map replacement of a character (code point): at most 200 units */
  constructor(map: (character: string) => string) {
    this.#map = map
    this.#kinds.fill(SURROGATE, 0xd800, 0xe000)
  }

  /** The unit that replaces `unit`, or -1 for another number of units. */
  mapUnit(unit: number): number {
    const kind = this.#kinds[unit]! || this.#learn(unit)
    if (kind <= KEPT) return unit
    return kind === SURROGATE || this.#lengths[unit] !== 1 ? -1 : this.#pool[this.#places[unit]!]!
  }

  apply(text: AlignedText): AlignedText {
    const input = text.text
    const from = this.#firstChange(input)
    if (from === input.length) return text
    const output = this.#isLowered(input) ? input.toLowerCase() : this.#output(input, from)
    return text.derive(output, () => this.#sources(input, output.length))
  }

  #firstChange(input: string): number {
    const kinds = this.#kinds
    for (let i = 0; i < input.length; i++) {
      const unit = input.charCodeAt(i)
      const kind = kinds[unit]! || this.#learn(unit)
      if (kind <= KEPT) continue
      if (kind !== SURROGATE) return i
      const character = characterAt(input, i)
      if (this.#astralOf(character) !== character) return i
      i += character.length - 1
    }
    return input.length
  }

  // Whether the result is that of `toLowerCase`, which is much faster. A capital sigma, whose lower case depends on its neighbors, is never LOWERED.
  #isLowered(input: string): boolean {
    const kinds = this.#kinds
    for (let i = 0; i < input.length; i++) {
      const unit = input.charCodeAt(i)
      const kind = kinds[unit]! || this.#learn(unit)
      if (kind !== SAME && kind !== LOWERED) return false
    }
    return true
  }

  #output(input: string, from: number): string {
    return input.slice(0, from) + this.#string(this.#write(input, from))
  }

  #write(input: string, from: number): number {
    const kinds = this.#kinds
    let at = 0
    for (let i = from; i < input.length; i++) {
      if (at + 256 > this.#units.length) this.#units = grown(this.#units)
      const unit = input.charCodeAt(i)
      const kind = kinds[unit]! || this.#learn(unit)
      if (kind <= KEPT) this.#units[at++] = unit
      else if (kind !== SURROGATE) {
        const place = this.#places[unit]!
        const end = place + this.#lengths[unit]!
        for (let j = place; j < end; j++) this.#units[at++] = this.#pool[j]!
      } else {
        const character = characterAt(input, i)
        const mapped = this.#astralOf(character)
        for (let j = 0; j < mapped.length; j++) this.#units[at++] = mapped.charCodeAt(j)
        i += character.length - 1
      }
    }
    return at
  }

  #sources(input: string, length: number): Int32Array {
    const sources = new Int32Array(length)
    let at = 0
    for (let i = 0; i < input.length; i++) {
      const unit = input.charCodeAt(i)
      const kind = this.#kinds[unit]! || this.#learn(unit)
      if (kind === SURROGATE) {
        const character = characterAt(input, i)
        const end = at + this.#astralOf(character).length
        sources.fill(i, at, end)
        at = end
        i += character.length - 1
      } else for (let end = at + (kind <= KEPT ? 1 : this.#lengths[unit]!); at < end; at++) sources[at] = i
    }
    return sources
  }

  #string(length: number): string {
    const units = this.#units
    if (length <= CHUNK) return String.fromCharCode.apply(null, units.subarray(0, length) as unknown as number[])
    let text = ''
    for (let i = 0; i < length; i += CHUNK) {
      text += String.fromCharCode.apply(null, units.subarray(i, Math.min(i + CHUNK, length)) as unknown as number[])
    }
    return text
  }

  #learn(unit: number): number {
    const character = String.fromCharCode(unit)
    const mapped = this.#map(character)
    const lower = character.toLowerCase()
    if (mapped === character) return (this.#kinds[unit] = mapped === lower ? SAME : KEPT)
    while (this.#poolUsed + mapped.length > this.#pool.length) this.#pool = grown(this.#pool)
    this.#places[unit] = this.#poolUsed
    this.#lengths[unit] = mapped.length
    for (let i = 0; i < mapped.length; i++) this.#pool[this.#poolUsed++] = mapped.charCodeAt(i)
    const isLowered = mapped === lower && mapped.length === 1 && unit !== CAPITAL_SIGMA
    return (this.#kinds[unit] = isLowered ? LOWERED : MAPPED)
  }

  #astralOf(character: string): string {
    const code = codePointAt(character, 0)
    let mapped = this.#astral.get(code)
    if (mapped === undefined) this.#astral.set(code, (mapped = this.#map(character)))
    return mapped
  }
}

const characterAt = (text: string, i: number): string => String.fromCodePoint(codePointAt(text, i))

function grown(array: Uint16Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(array.length * 2)
  larger.set(array)
  return larger
}
