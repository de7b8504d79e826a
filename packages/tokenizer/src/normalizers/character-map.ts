import type { AlignedText } from '../text/aligned-text.ts'
import { codePointAt } from '../unicode/code-point.ts'

const SAME = 1
const MAPPED = 2
const SURROGATE = 3

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

  apply(text: AlignedText): AlignedText {
    const input = text.text
    const from = this.#firstChange(input)
    if (from === input.length) return text
    const length = this.#write(input, from)
    const output = input.slice(0, from) + this.#string(length)
    return text.derive(output, () => this.#sources(input, output.length))
  }

  #firstChange(input: string): number {
    const kinds = this.#kinds
    for (let i = 0; i < input.length; i++) {
      const unit = input.charCodeAt(i)
      const kind = kinds[unit]! || this.#learn(unit)
      if (kind === SAME) continue
      if (kind === MAPPED) return i
      const character = characterAt(input, i)
      if (this.#astralOf(character) !== character) return i
      i += character.length - 1
    }
    return input.length
  }

  #write(input: string, from: number): number {
    const kinds = this.#kinds
    let at = 0
    for (let i = from; i < input.length; i++) {
      if (at + 256 > this.#units.length) this.#units = grown(this.#units)
      const unit = input.charCodeAt(i)
      const kind = kinds[unit]! || this.#learn(unit)
      if (kind === SAME) this.#units[at++] = unit
      else if (kind === MAPPED) {
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
      } else for (let end = at + (kind === SAME ? 1 : this.#lengths[unit]!); at < end; at++) sources[at] = i
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
    if (mapped === character) return (this.#kinds[unit] = SAME)
    while (this.#poolUsed + mapped.length > this.#pool.length) this.#pool = grown(this.#pool)
    this.#places[unit] = this.#poolUsed
    this.#lengths[unit] = mapped.length
    for (let i = 0; i < mapped.length; i++) this.#pool[this.#poolUsed++] = mapped.charCodeAt(i)
    return (this.#kinds[unit] = MAPPED)
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
