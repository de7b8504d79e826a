import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, PUNCTUATION, SPACE } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'

/** Splits at white space, which is dropped, and makes each punctuation mark a pre-token. */
export class BertPreTokenizer implements PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.split((text, start, end, out) => {
      let from = start
      for (let i = start; i < end; ) {
        let code = text.charCodeAt(i)
        let next = i + 1
        if ((code & 0xfc00) === 0xd800) {
          code = codePointAt(text, i)
          if (code > 0xffff) next++
        }
        const kind = charClass(code) & (SPACE | PUNCTUATION)
        if (kind !== 0) {
          if (from < i) out.push(from, i)
          if ((kind & SPACE) === 0) out.push(i, next)
          from = next
        }
        i = next
      }
      if (from < end) out.push(from, end)
    })
  }

  toJSON() {
    return { type: 'BertPreTokenizer' }
  }
}

export const bertPreTokenizer = preTokenizerPoint.of({
  name: 'BertPreTokenizer',
  summary: 'words and punctuation marks',
  config: schema.strictObject({}),
  create: () => new BertPreTokenizer(),
})
