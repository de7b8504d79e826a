import type { Turns } from '@heddle/core'
import { type Piece, UnigramLattice } from './unigram-lattice.ts'

/** Words or pieces that are looked at between two turns. */
const PER_TURN = 2000

/**
 * Drops the pieces that cost the least likelihood, down to `size`.
 *
 * The cost is estimated: all occurrences of the piece in the most probable segmentations become the next best segmentation of the piece.
 * Pieces without one are kept; pieces that no segmentation uses are dropped.
 *
 * @param pieces the first stands for unknown characters and is kept
 * @see Kudo 2018, section 3.2
 */
export function* prunePieces(
  pieces: readonly Piece[],
  words: readonly (readonly [string, number])[],
  size: number,
): Turns<Piece[]> {
  const lattice = new UnigramLattice(pieces)
  // For a piece that is its own best segmentation the next best one; undefined if it is not, empty if there is no other.
  const alternatives: (readonly number[] | undefined)[] = [undefined]
  for (let id = 1; id < pieces.length; id++) {
    const { text, score } = pieces[id]!
    const split = lattice.bestSplit(text)
    alternatives.push(split === undefined ? [] : split.score > score ? undefined : split.path)
    if (id % PER_TURN === 0) yield
  }

  const frequency = new Float64Array(pieces.length)
  let wordCount = 0
  for (let at = 0; at < words.length; at += PER_TURN) {
    for (const [word, count] of words.slice(at, at + PER_TURN)) {
      wordCount += count
      for (const id of lattice.best(word)) frequency[id]! += count
    }
    yield
  }
  const sum = frequency.reduce((total, value) => total + value, 0)
  const logSum = Math.log(sum)

  const kept: Piece[] = [pieces[0]!]
  const candidates: { id: number; loss: number }[] = []
  for (let id = 1; id < pieces.length; id++) {
    const alternative = alternatives[id]
    const own = frequency[id]!
    if (own === 0 && alternative === undefined) continue
    if (alternative === undefined || alternative.length === 0) kept.push(pieces[id]!)
    else if (own > 0) {
      // Without the piece, its share of the segmentations goes to each part of its alternative. The total would grow by as many shares as
      // the alternative has parts, less one; SentencePiece and the Rust library count all pieces instead, which ranks pieces of long
      // alternatives higher, and what is kept is to be what they keep.
      const logSumWithout = Math.log(sum + own * (pieces.length - 1))
      let logAlternative = 0
      for (const part of alternative) logAlternative += Math.log(frequency[part]! + own) - logSumWithout
      candidates.push({ id, loss: (own / wordCount) * (Math.log(own) - logSum - logAlternative) })
    }
  }
  candidates.sort((a, b) => b.loss - a.loss)
  for (const { id } of candidates.slice(0, Math.max(0, size - kept.length))) kept.push(pieces[id]!)
  return kept
}
