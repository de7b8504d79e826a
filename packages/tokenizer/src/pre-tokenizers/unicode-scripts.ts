import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { codePointAt } from '../unicode/code-point.ts'
import { scriptNumber, scriptOf } from '../unicode/scripts.ts'

const ANY = -1

/**
 * Splits where the script changes. Kana counts as Han, and a space belongs to any script.
 *
 * @see Kudo and Richardson 2018, "SentencePiece", whose pieces do not mix scripts
 */
export class UnicodeScripts implements PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.split((text, start, end, out) => {
      let from = start
      let last: number | undefined
      for (let i = start; i < end; ) {
        const code = codePointAt(text, i)
        const script = scriptFor(code)
        if (script !== ANY) {
          if (last !== undefined && script !== last) {
            out.push(from, i)
            from = i
          } else if (last === undefined) from = i
          last = script
        }
        i += code > 0xffff ? 2 : 1
      }
      if (last !== undefined) out.push(from, end)
    })
  }

  toJSON() {
    return { type: 'UnicodeScripts' }
  }
}

const HAN = scriptNumber('Han')
const KANA = [scriptNumber('Hiragana'), scriptNumber('Katakana')]

function scriptFor(code: number): number {
  if (code === 0x20) return ANY
  if (code === 0x30fc) return HAN
  const script = scriptOf(code)
  return KANA.includes(script) ? HAN : script
}

export const unicodeScripts = preTokenizerPoint.of({
  name: 'UnicodeScripts',
  summary: 'splits where the script changes',
  config: schema.strictObject({}),
  create: () => new UnicodeScripts(),
})
