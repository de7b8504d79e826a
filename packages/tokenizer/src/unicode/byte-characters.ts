import { codePointAt, codePointOf } from './code-point.ts'

/**
 * The printable character for each byte in byte-level tokenizers: printable Latin-1 bytes are themselves, the others the characters
 * from U+0100 on.
 *
 * @see Radford et al. 2019, "Language models are unsupervised multitask learners", encoder.py of GPT-2
 */
const BYTE_TO_UNIT: Uint16Array = byteUnits()

/** The byte for each such character, -1 for all others below U+0144. */
export const UNIT_TO_BYTE: Int16Array = new Int16Array(0x144).fill(-1)
for (let byte = 0; byte < 256; byte++) UNIT_TO_BYTE[BYTE_TO_UNIT[byte]!] = byte

/** The 256 characters, in the order of their code points. */
export const BYTE_ALPHABET: readonly string[] = Array.from(BYTE_TO_UNIT)
  .sort((a, b) => a - b)
  .map((unit) => String.fromCharCode(unit))

function byteUnits(): Uint16Array {
  const units = new Uint16Array(256)
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    units[byte] = printable ? byte : next++
  }
  return units
}

/** Bytes, each as its character. */
export const byteCharacters = (bytes: Uint8Array): string =>
  String.fromCharCode(...Array.from(bytes, (byte) => BYTE_TO_UNIT[byte]!))

/** Number of UTF-8 bytes of a code point; a lone surrogate takes three. */
const byteLength = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4)

/** UTF-8 bytes of a text, each as its character; a lone surrogate is written like any other code point (WTF-8). */
export function toByteCharacters(text: string): string {
  let result = ''
  let at = 0
  for (let i = 0; i < text.length; i++) {
    if (at + 4 > scratch.length) {
      result += String.fromCharCode.apply(null, scratch.slice(0, at))
      at = 0
    }
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      scratch[at++] = BYTE_TO_UNIT[unit]!
      continue
    }
    const code = (unit & 0xfc00) === 0xd800 ? codePointAt(text, i) : unit
    const size = byteLength(code)
    if (size === 4) i++
    scratch[at++] = BYTE_TO_UNIT[(size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0) | (code >> (6 * (size - 1)))]!
    for (let shift = 6 * (size - 2); shift >= 0; shift -= 6)
      scratch[at++] = BYTE_TO_UNIT[0x80 | ((code >> shift) & 0x3f)]!
  }
  return result + String.fromCharCode.apply(null, at === scratch.length ? scratch : scratch.slice(0, at))
}

/** Writes the byte characters of `source` from `start` to `end` to `units`, and returns their number. */
export function writeByteCharacters(source: Uint16Array, start: number, end: number, units: Uint16Array): number {
  let at = 0
  for (let i = start; i < end; i++) {
    let code = source[i]!
    if (code < 0x80) {
      units[at++] = BYTE_TO_UNIT[code]!
      continue
    }
    if ((code & 0xfc00) === 0xd800) code = codePointOf(source, i, end)
    if (code < 0x800) units[at++] = BYTE_TO_UNIT[0xc0 | (code >> 6)]!
    else {
      if (code < 0x10000) units[at++] = BYTE_TO_UNIT[0xe0 | (code >> 12)]!
      else {
        units[at++] = BYTE_TO_UNIT[0xf0 | (code >> 18)]!
        units[at++] = BYTE_TO_UNIT[0x80 | ((code >> 12) & 0x3f)]!
        i++
      }
      units[at++] = BYTE_TO_UNIT[0x80 | ((code >> 6) & 0x3f)]!
    }
    units[at++] = BYTE_TO_UNIT[0x80 | (code & 0x3f)]!
  }
  return at
}

// A plain array: converting it to a string is faster than converting a typed one.
const scratch: number[] = Array<number>(1024).fill(0)

/** For each byte of a text, the unit where its character starts. */
export function byteSources(text: string): Int32Array {
  const sources = new Int32Array(3 * text.length)
  return sources.slice(0, fillByteSources(text, 0, text.length, sources))
}

let byteScratch: Int32Array<ArrayBuffer> = new Int32Array(256)

/** `byteSources` for part of a text, in a longer array that is reused for the next part. */
export function partByteSources(text: string, start: number, end: number): Int32Array {
  if (3 * (end - start) > byteScratch.length) byteScratch = new Int32Array(6 * (end - start))
  fillByteSources(text, start, end, byteScratch)
  return byteScratch
}

function fillByteSources(text: string, start: number, end: number, sources: Int32Array): number {
  let at = 0
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i)
    sources[at++] = i
    if (unit < 0x80) continue
    sources[at++] = i
    if (unit < 0x800) continue
    sources[at++] = i
    // A pair of surrogates takes four bytes, a lone one three.
    if ((unit & 0xfc00) !== 0xd800 || i + 1 === end || (text.charCodeAt(i + 1) & 0xfc00) !== 0xdc00) continue
    sources[at++] = i++
  }
  return at
}

// A byte order mark is a character like any other here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text of UTF-8 bytes; surrogates are accepted, and each longest part of a character that is cut off becomes U+FFFD. */
export function decodeBytes(bytes: Uint8Array): string {
  let text = ''
  let from = 0
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xed || (bytes[i + 1]! & 0xe0) !== 0xa0 || (bytes[i + 2]! & 0xc0) !== 0x80) continue
    text += decoder.decode(bytes.subarray(from, i))
    text += String.fromCharCode(0xd000 | ((bytes[i + 1]! & 0x3f) << 6) | (bytes[i + 2]! & 0x3f))
    i += 2
    from = i + 1
  }
  return text + decoder.decode(from === 0 ? bytes : bytes.subarray(from))
}
