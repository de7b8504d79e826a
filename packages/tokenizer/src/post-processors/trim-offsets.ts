import { Encoding } from '../encoding/encoding.ts'
import { type OffsetTrim, type Run, runLength } from '../encoding/run.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'
import { unitsAt } from '../unicode/code-point.ts'

const BYTE_SPACE = 'Ġ'

const isSpace = (character: string): boolean =>
  character === BYTE_SPACE || (charClass(character.charCodeAt(0)) & SPACE) !== 0

/** Trims white space at the ends of tokens from their offsets. */
export function trimOffsets(encoding: Encoding, addPrefixSpace: boolean): Encoding {
  const trim: OffsetTrim = (token, [start, end], isFirst, text) => {
    let leading = 0
    while (leading < token.length && isSpace(token[leading]!)) leading++
    let trailing = 0
    while (trailing < token.length && isSpace(token[token.length - 1 - trailing]!)) trailing++
    // A single space before the first token was added by the pre-tokenizer: the text has none.
    if (leading === 1 && addPrefixSpace && (isFirst || start === 0)) leading = 0
    const from = stepped(text, start, leading, end)
    return [from, trailing > 0 ? steppedBack(text, end, trailing, from) : end]
  }
  const trimRest: OffsetTrim = (token, offset, _, text) => trim(token, offset, false, text)
  const trimmed = (runs: readonly Run[]): Run[] => {
    const first = runs.findIndex((run) => runLength(run) > 0)
    return runs.map((run, i) => (run.kind === 'text' ? { ...run, trim: i === first ? trim : trimRest } : run))
  }
  return new Encoding(
    trimmed(encoding.runs),
    encoding.overflowing.map(({ runs }) => new Encoding(trimmed(runs))),
  )
}

/** `count` characters after `at`, but not after `end`. */
function stepped(text: string, at: number, count: number, end: number): number {
  let to = at
  for (let n = 0; n < count && to < end; n++) to += unitsAt(text, to)
  return Math.min(to, end)
}

/** `count` characters before `at`, but not before `start`; `at` itself where there are fewer. */
function steppedBack(text: string, at: number, count: number, start: number): number {
  let to = at
  for (let n = 0; n < count; n++) {
    if (to === 0) return at
    to -= to > 1 ? unitsAt(text, to - 2) : 1
  }
  return Math.max(to, start)
}
