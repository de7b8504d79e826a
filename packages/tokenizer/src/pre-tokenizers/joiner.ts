import * as schema from '../config/schema.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import type { PreTokens } from '../text/pre-tokens.ts'
import { charClass, SPACE, WORD } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'

/** Marks a side of a punctuation mark that touches another character. */
export const JOINER = '\uffed'

/**
 * Splits text at white space and around every punctuation mark. A punctuation mark gets a joiner (U+FFED) on each side that touches
 * another character: `나는 (어제) 갔다.` becomes `나는 (￭ 어제 ￭) 갔다 ￭.`.
 *
 * Words keep one form, with or without adjacent punctuation, and the decoder of the same name restores the spacing exactly. Runs of white
 * space become one space, and a joiner in the text itself becomes U+25A0, as in OpenNMT.
 *
 * @see https://github.com/OpenNMT/Tokenizer/blob/master/docs/options.md#joiner_annotate
 */
export class Joiner implements PreTokenizer {
  preTokenize(preTokens: PreTokens): PreTokens {
    const settled = preTokens.split(splitPunctuation)
    const { bounds } = settled
    const text = settled.text.text
    const isWordAt = (i: number) => (charClass(codePointAt(text, bounds[2 * i]!)) & WORD) !== 0
    // Each joint is marked once: at the start of the right pre-token, unless only the left one is punctuation.
    const joins = (i: number) => bounds[2 * i - 1] === bounds[2 * i]
    const leftMark = (i: number) => i > 0 && joins(i) && !isWordAt(i)
    const rightMark = (i: number) => 2 * i + 2 < bounds.length && joins(i + 1) && isWordAt(i + 1) && !isWordAt(i)
    return settled.rewrite(
      (preToken, i) =>
        `${leftMark(i) ? JOINER : ''}${preToken === JOINER ? '\u25a0' : preToken}${rightMark(i) ? JOINER : ''}`,
      (preToken, i) => {
        const own = Array.from({ length: preToken.length }, (_, j) => j)
        return Int32Array.from([...(leftMark(i) ? [0] : []), ...own, ...(rightMark(i) ? [preToken.length - 1] : [])])
      },
    )
  }

  toJSON() {
    return { type: 'Joiner' }
  }
}

function splitPunctuation(text: string, start: number, end: number, out: number[]): void {
  let from = start
  for (let i = start; i < end; ) {
    const code = codePointAt(text, i)
    const next = i + (code > 0xffff ? 2 : 1)
    const kind = charClass(code) & (WORD | SPACE)
    if (kind !== WORD) {
      if (from < i) out.push(from, i)
      if (kind !== SPACE) out.push(i, next)
      from = next
    }
    i = next
  }
  if (from < end) out.push(from, end)
}

export const joiner = preTokenizerPoint.of({
  name: 'Joiner',
  summary: 'words and punctuation marks, joints marked',
  config: schema.strictObject({}),
  create: () => new Joiner(),
})
