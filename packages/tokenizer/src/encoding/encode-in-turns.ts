import { concatenate, type Turns } from '@heddle/core'
import { textPieces } from '../text/text-pieces.ts'
import type { Tokenizer } from '../tokenizer.ts'

/** UTF-16 units of a turn, which takes some milliseconds. */
const TURN = 1 << 16

/**
 * The ids of texts, one text after the other, in turns: run it with `inTurns` of `@heddle/core`, so that others may work meanwhile and
 * a signal may end it. The ids are those of `encodeIds`; long texts are encoded in pieces where that makes no difference.
 *
 * @see textPieces
 */
export function* encodeInTurns(tokenizer: Tokenizer, texts: Iterable<string>): Turns<Int32Array> {
  const encoded: Int32Array[] = []
  let pending = 0
  for (const text of texts) {
    for (const piece of piecesOf(tokenizer, text)) {
      encoded.push(Int32Array.from(tokenizer.encodeIds(piece)))
      pending += piece.length
      if (pending < TURN) continue
      pending = 0
      yield
    }
  }
  return encoded.length === 1 ? encoded[0]! : concatenate(Int32Array, encoded)
}

/** The pieces of a text; a tokenizer that draws at random, truncates or pads takes it whole. */
function piecesOf(tokenizer: Tokenizer, text: string): Iterable<string> {
  const { model, truncation, padding } = tokenizer
  const isWhole = text.length <= TURN || model.random === true || truncation !== undefined || padding !== undefined
  return isWhole ? [text] : textPieces(text, { size: TURN, unitsOf: (piece) => tokenizer.encodeIds(piece) })
}
