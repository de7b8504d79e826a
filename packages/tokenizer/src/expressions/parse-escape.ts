import type { CodePointTest } from './char-set.ts'
import { ASCII_CLASSES, BARE_WORD, CLASSES, propertyTest } from './properties.ts'
import type { Reader } from './reader.ts'

/** A character or a set of characters that an escape stands for. */
export type Escaped = { readonly codes: readonly number[] } | { readonly test: CodePointTest }

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 }
const TYPES: Readonly<Record<string, readonly [name: string, option: string]>> = {
  w: ['word', 'W'],
  d: ['digit', 'D'],
  s: ['space', 'S'],
  h: ['xdigit', ''],
}
const LAST_CODE = 0x10ffff

/** Reads an escape that stands for characters, after its backslash; undefined for any other letter. */
export function parseCharacterEscape(reader: Reader, inClass: boolean): Escaped | undefined {
  const c = reader.peek()
  const lower = c.toLowerCase()
  const type = TYPES[lower]
  if (type !== undefined && c.length === 1) {
    reader.at++
    const test = classTest(reader, type[0], type[1], !inClass)
    return { test: c === lower ? test : (code) => !test(code) }
  }
  if (lower === 'p' && reader.peek(1) === '{') return { test: parseProperty(reader, inClass) }
  if (inClass && c === 'b') {
    reader.at++
    return { codes: [8] }
  }
  const codes = parseCodes(reader, inClass)
  if (codes !== undefined) return { codes }
  if (CONTROLS[c] === undefined || c === '') return undefined
  reader.at++
  return { codes: [CONTROLS[c]!] }
}

/** The characters of a class by its name, limited to ASCII if the option says so. */
export function classTest(reader: Reader, name: string, option: string, isBare: boolean): CodePointTest {
  const { ascii } = reader.options
  if (ascii.has('P') || (option !== '' && ascii.has(option))) return ASCII_CLASSES[name]!
  return name === 'word' && isBare ? BARE_WORD : CLASSES[name]!
}

/** Reads `p{Name}`, `p{^Name}` or `P{Name}`. */
function parseProperty(reader: Reader, inClass: boolean): CodePointTest {
  const match = reader.match(/([pP])\{(\^?)([^}]*)\}/y)
  if (match === undefined) reader.fail('a property such as \\p{L}', 'no closing brace')
  const [, letter, caret, name] = match as unknown as [string, string, string, string]
  const test = inClass && /^\s*word\s*$/i.test(name) ? CLASSES['word'] : propertyTest(name)
  if (test === undefined) {
    if (/^in/i.test(name)) reader.refuse(`the block ${name} (write a range of characters)`)
    reader.fail('the name of a Unicode class, category, script or binary property', name)
  }
  return (letter === 'P') === (caret === '^') ? test : (code) => !test(code)
}

function parseCodes(reader: Reader, inClass: boolean): number[] | undefined {
  const wide = reader.match(/(?:x\{\s*([0-9A-Fa-f]+(?:\s+[0-9A-Fa-f]+)*)\s*\}|u([0-9A-Fa-f]{4}))/y)
  if (wide !== undefined)
    return (wide[1] ?? wide[2])!.split(/\s+/).map((digits) => checked(reader, Number.parseInt(digits, 16)))
  if (inClass) {
    const range = reader.match(/x\{\s*([0-9A-Fa-f]+)\s*-\s*([0-9A-Fa-f]+)\s*\}/y)
    if (range !== undefined) {
      const [from, to] = [range[1]!, range[2]!].map((digits) => checked(reader, Number.parseInt(digits, 16))) as [
        number,
        number,
      ]
      if (to - from > 0xffff) reader.refuse('a braced range of more than 65536 characters (write [a-b])')
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
    }
  }
  const octal = reader.match(/o\{([0-7]+)\}/y)
  if (octal !== undefined) return [checked(reader, Number.parseInt(octal[1]!, 8))]
  if (reader.peek() === 'x' || /[0-7]/.test(reader.peek())) return parseBytes(reader)
  const control = reader.match(/c(.)|C-(.)/sy)
  if (control !== undefined) {
    const code = (control[1] ?? control[2])!.charCodeAt(0)
    return [code === 0x3f ? 0x7f : code & 0x1f]
  }
  return undefined
}

// \xHH and \nnn are bytes of UTF-8: above 0x7f, several of them make a character.
function parseBytes(reader: Reader): number[] | undefined {
  const first = parseByte(reader)
  if (first === undefined) return undefined
  if (first < 0x80) return [first]
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  const bytes = [first]
  while (bytes.length < size && reader.match(/\\(?=x[0-9A-Fa-f]|[0-7])/y)) bytes.push(parseByte(reader) ?? 0)
  try {
    return [new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes)).codePointAt(0)!]
  } catch {
    return reader.fail('the bytes of a character in UTF-8', `0x${first.toString(16)}`)
  }
}

function parseByte(reader: Reader): number | undefined {
  const hex = reader.match(/x([0-9A-Fa-f]{1,2})/y)
  if (hex !== undefined) return Number.parseInt(hex[1]!, 16)
  const octal = reader.match(/[0-7]{1,3}/y)
  return octal === undefined ? undefined : Number.parseInt(octal[0], 8) & 0xff
}

function checked(reader: Reader, code: number): number {
  if (code <= LAST_CODE) return code
  return reader.fail('a code point up to 10FFFF', code.toString(16).toUpperCase())
}
