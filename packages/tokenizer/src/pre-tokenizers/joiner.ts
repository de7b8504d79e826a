import { z } from 'zod'
import type { Pieces } from '../pipeline/pieces.ts'
import { type PreTokenizer, preTokenizerPoint } from '../pipeline/points.ts'
import { charClass, SPACE, WORD } from '../unicode/char-class.ts'
import { codePointAt } from '../unicode/code-point.ts'

/** Marks the side of a punctuation mark that touches what is beside it. */
export const JOINER = '\uffed'

/**
 * Splits text at white space and around every punctuation mark, and marks punctuation that is not set off by spaces with a joiner
 * (U+FFED) on the side where it touches its neighbour: `나는 (어제) 갔다.` becomes `나는 (￭ 어제 ￭) 갔다 ￭.`.
 *
 * Words stay as they are, with or without punctuation beside them, and the decoder of the same name restores the spacing exactly.
 * Runs of white space count as one space, and a joiner that stands in the text itself becomes U+25A0, as in OpenNMT.
 *
 * @see https://github.com/OpenNMT/Tokenizer/blob/master/docs/options.md#joiner_annotate
 */
export class Joiner implements PreTokenizer {
  preTokenize(pieces: Pieces): Pieces {
    const settled = pieces.split(splitPunctuation)
    const { bounds } = settled
    const text = settled.text.text
    const isWordAt = (i: number) => (charClass(codePointAt(text, bounds[2 * i]!)) & WORD) !== 0
    // A joint is marked once: on the left of the right piece, unless only the left piece is punctuation.
    const joins = (i: number) => bounds[2 * i - 1] === bounds[2 * i]
    const leftMark = (i: number) => i > 0 && joins(i) && !isWordAt(i)
    const rightMark = (i: number) => 2 * i + 2 < bounds.length && joins(i + 1) && isWordAt(i + 1) && !isWordAt(i)
    return settled.rewrite(
      (piece, i) => `${leftMark(i) ? JOINER : ''}${piece === JOINER ? '\u25a0' : piece}${rightMark(i) ? JOINER : ''}`,
      (piece, i) => {
        const own = Array.from({ length: piece.length }, (_, j) => j)
        return Int32Array.from([...(leftMark(i) ? [0] : []), ...own, ...(rightMark(i) ? [piece.length - 1] : [])])
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
  config: z.strictObject({}),
  create: () => new Joiner(),
})
