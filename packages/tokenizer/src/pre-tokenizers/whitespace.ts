import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, SPACE, WORD } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'

/** Runs of word characters and runs of other characters, white space left out: `\w+|[^\w\s]+`. */
export class Whitespace implements PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens {
    return preTokens.split((text, start, end, out) => {
      let from = start
      let last = SPACE
      for (let i = start; i < end; i++) {
        const code = codePointAt(text, i)
        const kind = charClass(code) & (WORD | SPACE)
        if (kind !== last) {
          if (last !== SPACE) out.push(from, i)
          from = i
          last = kind
        }
        if (code > 0xffff) i++
      }
      if (last !== SPACE && from < end) out.push(from, end)
    })
  }

  toJSON() {
    return { type: 'Whitespace' }
  }
}

export const whitespace = preTokenizerPoint.of({
  name: 'Whitespace',
  summary: 'words and runs of punctuation',
  config: schema.strictObject({}),
  create: () => new Whitespace(),
})
