import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import { charClass, SPACE } from '../unicode/char-class.ts'

/** What stands between white space. */
export class WhitespaceSplit implements PreTokenizer {
  preTokenize(pieces: Pieces): Pieces {
    return pieces.split((text, start, end, out) => {
      let from = start
      for (let i = start; i <= end; i++) {
        // White space lies within U+FFFF, so that single units will do.
        if (i < end && (charClass(text.charCodeAt(i)) & SPACE) === 0) continue
        if (from < i) out.push(from, i)
        from = i + 1
      }
    })
  }

  toJSON() {
    return { type: 'WhitespaceSplit' }
  }
}

export const whitespaceSplit = preTokenizerPoint.of({
  name: 'WhitespaceSplit',
  summary: 'what stands between white space',
  config: z.strictObject({}),
  create: () => new WhitespaceSplit(),
})
