import type { Bounds } from '../text/bounds.ts'
import { charClass, LETTER, NUMBER, SPACE } from '../unicode/char-class.ts'
import { codePointOf } from '../unicode/code-point.ts'
import { textOf } from '../unicode/units.ts'

/** The pattern by which GPT-2 splits text, in Oniguruma's syntax. */
export const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

const KINDS = SPACE | LETTER | NUMBER

/** Splits text as `GPT2_PATTERN` does, without a regular expression: the pre-tokens follow one another without gaps. */
export function splitGpt2(units: Uint16Array, start: number, end: number, out: Bounds): void {
  let i = start
  while (i < end) {
    const from = i
    let code = codePointOf(units, i, end)
    let kind = charClass(code) & KINDS
    if (code === 0x27) {
      const length = contraction(units, i, end)
      if (length > 0) {
        out.push(from, (i += length))
        continue
      }
    }
    if (kind === SPACE) {
      const next = i + 1
      const following = next < end ? charClass(codePointOf(units, next, end)) & KINDS : SPACE
      if (code !== 0x20 || following === SPACE) {
        let j = next
        while (j < end && (charClass(units[j]!) & SPACE) !== 0) j++
        // Of several spaces before text, the last one belongs to the next word.
        i = j < end && j - from > 1 ? j - 1 : j
        out.push(from, i)
        continue
      }
      i = next
      code = codePointOf(units, i, end)
      kind = following
    }
    do {
      i += code > 0xffff ? 2 : 1
      if (i >= end) break
      code = codePointOf(units, i, end)
    } while ((charClass(code) & KINDS) === kind)
    out.push(from, i)
  }
}

// The length of 's, 't, 're, 've, 'm, 'll or 'd at `i`, or 0.
function contraction(units: Uint16Array, i: number, end: number): number {
  if (i + 1 >= end) return 0
  const letters = textOf(units, i + 1, Math.min(i + 3, end))
  if ('stmd'.includes(letters[0]!)) return 2
  return letters === 're' || letters === 've' || letters === 'll' ? 3 : 0
}
