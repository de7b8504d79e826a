import { charClass, LETTER, NUMBER, SPACE } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'

/** The pattern by which GPT-2 splits text, in Oniguruma's syntax. */
export const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

const KINDS = SPACE | LETTER | NUMBER

/** Splits text as `GPT2_PATTERN` does, without a regular expression: the pre-tokens follow one another without gaps. */
export function splitGpt2(text: string, start: number, end: number, out: number[]): void {
  let i = start
  while (i < end) {
    const from = i
    let code = codeAt(text, i, end)
    let kind = charClass(code) & KINDS
    if (code === 0x27) {
      const length = contraction(text, i, end)
      if (length > 0) {
        out.push(from, (i += length))
        continue
      }
    }
    if (kind === SPACE) {
      const next = i + 1
      const following = next < end ? charClass(codeAt(text, next, end)) & KINDS : SPACE
      if (code !== 0x20 || following === SPACE) {
        let j = next
        while (j < end && (charClass(text.charCodeAt(j)) & SPACE) !== 0) j++
        // Of several spaces before text, the last one belongs to the next word.
        i = j < end && j - from > 1 ? j - 1 : j
        out.push(from, i)
        continue
      }
      i = next
      code = codeAt(text, i, end)
      kind = following
    }
    do {
      i += code > 0xffff ? 2 : 1
      if (i >= end) break
      code = codeAt(text, i, end)
    } while ((charClass(code) & KINDS) === kind)
    out.push(from, i)
  }
}

function codeAt(text: string, i: number, end: number): number {
  const unit = text.charCodeAt(i)
  return (unit & 0xfc00) === 0xd800 && i + 1 < end ? codePointAt(text, i) : unit
}

// The length of 's, 't, 're, 've, 'm, 'll or 'd at `i`, or 0.
function contraction(text: string, i: number, end: number): number {
  if (i + 1 >= end) return 0
  const first = text[i + 1]!
  if (first === 's' || first === 't' || first === 'm' || first === 'd') return 2
  const pair = text.slice(i + 1, Math.min(i + 3, end))
  return pair === 're' || pair === 've' || pair === 'll' ? 3 : 0
}
