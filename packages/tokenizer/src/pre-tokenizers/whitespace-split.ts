import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint, type UnitSplit } from '../pipeline/points.ts'
import type { Bounds } from '../text/bounds.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'

/** Splits at white space, which is dropped. */
export class WhitespaceSplit implements PreTokenizer {
  get unitSplit(): UnitSplit {
    return { split: splitAtSpace }
  }

  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.splitUnits(splitAtSpace)
  }

  toJSON() {
    return { type: 'WhitespaceSplit' }
  }
}

function splitAtSpace(units: Uint16Array, start: number, end: number, out: Bounds): void {
  let from = start
  for (let i = start; i <= end; i++) {
    // All white space lies below U+FFFF: single units suffice.
    if (i < end && (charClass(units[i]!) & SPACE) === 0) continue
    if (from < i) out.push(from, i)
    from = i + 1
  }
}

export const whitespaceSplit = preTokenizerPoint.of({
  name: 'WhitespaceSplit',
  summary: 'splits at white space',
  config: schema.strictObject({}),
  create: () => new WhitespaceSplit(),
})
