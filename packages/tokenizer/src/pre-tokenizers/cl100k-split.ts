import type { Bounds } from '../text/bounds.ts'
import { charClass, LETTER, NUMBER, SPACE } from '../unicode/char-class.ts'
import { codePointOf } from '../unicode/code-point.ts'
import { textOf } from '../unicode/units.ts'

const pattern = (numbers: string) =>
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" +
  `${numbers}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

/** The pattern of GPT-4 and Llama 3, in Oniguruma's syntax. */
export const CL100K_PATTERN: string = pattern('\\p{N}{1,3}')
/** The same with each digit on its own, as of Qwen 2. */
export const QWEN2_PATTERN: string = pattern('\\p{N}')

const KINDS = SPACE | LETTER | NUMBER
const LINE_FEED = 10
const RETURN = 13
const APOSTROPHE = 0x27

/**
 * Splits text as `CL100K_PATTERN` does, without a regular expression: the pre-tokens follow one another without gaps.
 *
 * @param mostDigits largest number of digits of a pre-token
 */
export function splitCl100k(units: Uint16Array, start: number, end: number, out: Bounds, mostDigits: number): void {
  let i = start
  while (i < end) {
    const from = i
    const code = codePointOf(units, i, end)
    const kind = charClass(code) & KINDS
    i += code > 0xffff ? 2 : 1
    if (code === APOSTROPHE) {
      const length = contraction(units, from, end)
      if (length > 0) {
        out.push(from, (i = from + length))
        continue
      }
    }
    const next = i < end ? charClass(codePointOf(units, i, end)) & KINDS : -1
    const isBreak = code === LINE_FEED || code === RETURN
    if (kind === LETTER || (kind !== NUMBER && !isBreak && next === LETTER)) i = runEnd(units, i, end, LETTER)
    else if (kind === NUMBER) {
      for (let digits = 1; digits < mostDigits && i < end; digits++) {
        const digit = codePointOf(units, i, end)
        if ((charClass(digit) & KINDS) !== NUMBER) break
        i += digit > 0xffff ? 2 : 1
      }
    } else if (kind === 0 || (code === 0x20 && next === 0)) {
      i = runEnd(units, i, end, 0)
      while (i < end && isLineBreak(units[i]!)) i++
    } else i = spaceEnd(units, from, end)
    out.push(from, i)
  }
}

const isLineBreak = (unit: number): boolean => unit === LINE_FEED || unit === RETURN

function runEnd(units: Uint16Array, from: number, end: number, kind: number): number {
  let i = from
  while (i < end) {
    const code = codePointOf(units, i, end)
    if ((charClass(code) & KINDS) !== kind) break
    i += code > 0xffff ? 2 : 1
  }
  return i
}

// A run of white space ends with its last line break; without one, its last space belongs to the text that follows.
function spaceEnd(units: Uint16Array, from: number, end: number): number {
  let i = from
  let lastBreak = -1
  for (; i < end && (charClass(units[i]!) & SPACE) !== 0; i++) if (isLineBreak(units[i]!)) lastBreak = i
  if (lastBreak >= 0) return lastBreak + 1
  return i < end && i - from > 1 ? i - 1 : i
}

// The length of a contraction at `i`, in either case, or 0; the long s is an s.
function contraction(units: Uint16Array, i: number, end: number): number {
  if (i + 1 >= end) return 0
  const letters = textOf(units, i + 1, Math.min(i + 3, end)).toLowerCase()
  const first = letters[0]!
  if ('stmd\u017f'.includes(first)) return 2
  return letters === 're' || letters === 've' || letters === 'll' ? 3 : 0
}
