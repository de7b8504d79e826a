import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { Bounds } from '../text/bounds.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, SPACE, WORD } from '../unicode/char-class.ts'
import { codePointOf } from '../unicode/code-point.ts'

/** Runs of word characters and runs of other characters, white space left out: `\w+|[^\w\s]+`. */
export class Whitespace implements PreTokenizer {
  get unitSplit(): UnitSplit {
    return { split: splitWords }
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.splitUnits(splitWords)
  }

  toJSON() {
    return { type: 'Whitespace' }
  }
}

function splitWords(units: Uint16Array, start: number, end: number, out: Bounds): void {
  let from = start
  let last = SPACE
  for (let i = start; i < end; i++) {
    const code = codePointOf(units, i, end)
    const kind = charClass(code) & (WORD | SPACE)
    if (kind !== last) {
      if (last !== SPACE) out.push(from, i)
      from = i
      last = kind
    }
    if (code > 0xffff) i++
  }
  if (last !== SPACE && from < end) out.push(from, end)
}

export const whitespace = preTokenizerPoint.of({
  name: 'Whitespace',
  summary: 'words and runs of punctuation',
  config: schema.strictObject({}),
  create: () => new Whitespace(),
})
