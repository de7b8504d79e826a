import type { Turns } from '@heddle/core'
import { codePointAt } from '../unicode/code-point.ts'
import { forEachRepeatedSubstring } from './repeated-substrings.ts'
import { compareCodePoints } from './training.ts'
import type { Piece } from './unigram-lattice.ts'

/**
 * The initial pieces of a unigram training: all characters, then the repeated substrings that cover most of the text, with the logarithms
 * of their shares as scores.
 *
 * The weight of a substring is its length times its count in the list of words, each word once.
 */
export function* seedPieces(
  words: readonly (readonly [string, number])[],
  { maxPieceLength, seedSize }: { maxPieceLength: number; seedSize: number },
): Turns<Piece[]> {
  const characters = new Map<string, number>()
  let length = 0
  for (const [word, count] of words) {
    for (const character of word) {
      if (character !== '\0') characters.set(character, (characters.get(character) ?? 0) + count)
      length++
    }
    length++
  }
  const text = new Int32Array(length)
  let at = 0
  for (const [word] of words) {
    for (const character of word) text[at++] = codePointAt(character, 0)
    at++
  }
  yield
  const found: { text: string; score: number }[] = []
  forEachRepeatedSubstring(text, 2, maxPieceLength, (start, size, frequency) => {
    found.push({ text: String.fromCodePoint(...text.subarray(start, start + size)), score: frequency * size })
  })
  yield
  const heavierFirst = (a: Piece, b: Piece) => b.score - a.score || compareCodePoints(b.text, a.text)
  const pieces = [...characters].map(([character, count]) => ({ text: character, score: count })).sort(heavierFirst)
  const seeds = [...pieces, ...found.sort(heavierFirst).slice(0, Math.max(1, seedSize - pieces.length))]
  const logSum = Math.log(seeds.reduce((sum, { score }) => sum + score, 0))
  return seeds.map((piece) => ({ text: piece.text, score: Math.log(piece.score) - logSum }))
}
