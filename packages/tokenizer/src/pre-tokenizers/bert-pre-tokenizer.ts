import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { Bounds } from '../text/bounds.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, PUNCTUATION, SPACE } from '../unicode/char-class.ts'
import { codePointOf } from '../unicode/code-point.ts'

/** Splits at white space, which is dropped, and makes each punctuation mark a pre-token. */
export class BertPreTokenizer implements PreTokenizer {
  get unitSplit(): UnitSplit {
    return { split: splitBert }
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.splitUnits(splitBert)
  }

  toJSON() {
    return { type: 'BertPreTokenizer' }
  }
}

function splitBert(units: Uint16Array, start: number, end: number, out: Bounds): void {
  let from = start
  for (let i = start; i < end; ) {
    const code = codePointOf(units, i, end)
    const next = i + (code > 0xffff ? 2 : 1)
    const kind = charClass(code) & (SPACE | PUNCTUATION)
    if (kind !== 0) {
      if (from < i) out.push(from, i)
      if ((kind & SPACE) === 0) out.push(i, next)
      from = next
    }
    i = next
  }
  if (from < end) out.push(from, end)
}

export const bertPreTokenizer = preTokenizerPoint.of({
  name: 'BertPreTokenizer',
  summary: 'words and punctuation marks',
  config: schema.strictObject({}),
  create: () => new BertPreTokenizer(),
})
