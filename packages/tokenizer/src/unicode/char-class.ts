import { isAssigned } from './assigned.ts'
import { CONTROL_CHARACTER, PUNCTUATION_MARK } from './pinned-categories.ts'

/** Bits of a character's classes. */
export const SPACE = 1
export const LETTER = 2
export const NUMBER = 4
/** Word characters of `\w`: letters, marks, digits, connectors. */
export const WORD = 8
export const PUNCTUATION = 16
/** Characters that `BertNormalizer` removes. */
export const CONTROL = 32
/** Han ideographs, as the BERT code counts them. */
export const HAN = 64
const KNOWN = 128

const table = new Uint8Array(0x10000)
const astral = new Map<number, number>()

/** The classes of a code point. */
export function charClass(code: number): number {
  if (code > 0xffff) return astralClass(code)
  const known = table[code]!
  if (known !== 0) return known
  return (table[code] = classify(code) | KNOWN)
}

function astralClass(code: number): number {
  let classes = astral.get(code)
  if (classes === undefined) astral.set(code, (classes = classify(code)))
  return classes
}

const isSpace = /^\p{White_Space}$/u
const isLetter = /^\p{L}$/u
const isNumber = /^\p{N}$/u
const isWord = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u

function classify(code: number): number {
  const character = String.fromCodePoint(code)
  let classes = isHan(code) ? HAN : 0
  if (!isAssigned(code)) return classes
  if (isSpace.test(character)) classes |= SPACE
  if (isLetter.test(character)) classes |= LETTER
  if (isNumber.test(character)) classes |= NUMBER
  if (isWord.test(character)) classes |= WORD
  if (PUNCTUATION_MARK.has(code)) classes |= PUNCTUATION
  if (CONTROL_CHARACTER.has(code) && !(code === 0x09 || code === 0x0a || code === 0x0d)) classes |= CONTROL
  return classes
}

// The ranges that the BERT code lists, not the Unicode script of that name.
function isHan(code: number): boolean {
  return (
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x20000 && code <= 0x2a6df) ||
    (code >= 0x2a700 && code <= 0x2b73f) ||
    (code >= 0x2b740 && code <= 0x2b81f) ||
    (code >= 0x2b920 && code <= 0x2ceaf) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0x2f800 && code <= 0x2fa1f)
  )
}
