import { AlignedText } from '../pipeline/aligned-text.ts'
import { Pieces, type Spelling } from '../pipeline/pieces.ts'
import type { Normalizer, PreTokenizer, TrainingProgress } from '../pipeline/points.ts'

/** How lines become the pieces that a trainer counts. */
export interface TrainOptions {
  readonly normalizer?: Normalizer | undefined
  readonly preTokenizer?: PreTokenizer | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
}

const LINES_PER_EVENT = 5000

/** How often each piece occurs in lines of text, in the order in which the pieces are first seen. */
export function countPieces(lines: Iterable<string>, options: TrainOptions): Map<string, number> {
  const counter = new PieceCounter(options)
  for (const line of lines) counter.add(line)
  return counter.finish()
}

/** `countPieces` for lines that arrive over time. */
export async function countPiecesAsync(
  lines: AsyncIterable<string> | Iterable<string>,
  options: TrainOptions,
): Promise<Map<string, number>> {
  const counter = new PieceCounter(options)
  for await (const line of lines) counter.add(line)
  return counter.finish()
}

class PieceCounter {
  readonly #options: TrainOptions
  // Counted before spelling, by spelling, so that each distinct piece is spelt once.
  readonly #counts = new Map<Spelling | undefined, Map<string, number>>()
  #lines = 0

  constructor(options: TrainOptions) {
    this.#options = options
  }

  add(line: string): void {
    const { normalizer, preTokenizer, onProgress } = this.#options
    const text = AlignedText.of(line)
    const whole = Pieces.whole(normalizer === undefined ? text : normalizer.normalize(text))
    const { text: source, bounds, spelling } = preTokenizer === undefined ? whole : preTokenizer.preTokenize(whole)
    let counts = this.#counts.get(spelling)
    if (counts === undefined) this.#counts.set(spelling, (counts = new Map()))
    for (let i = 0; i < bounds.length; i += 2) {
      const piece = source.text.slice(bounds[i], bounds[i + 1])
      const count = counts.get(piece)
      counts.set(count === undefined ? detached(piece) : piece, (count ?? 0) + 1)
    }
    this.#lines++
    if (this.#lines % LINES_PER_EVENT === 0) onProgress?.({ stage: 'read lines', done: this.#lines })
  }

  finish(): Map<string, number> {
    this.#options.onProgress?.({ stage: 'read lines', done: this.#lines, total: this.#lines })
    const plain = this.#counts.get(undefined)
    if (plain !== undefined && this.#counts.size === 1) return plain
    const all = new Map<string, number>(plain)
    for (const [spelling, counts] of this.#counts) {
      if (spelling === undefined) continue
      for (const [piece, count] of counts) {
        const spelt = spelling.spell(piece)
        all.set(spelt, (all.get(spelt) ?? 0) + count)
      }
    }
    return all
  }
}

const SLICE_LENGTH = 13

// V8 keeps a slice of 13 units and more as a view, which would keep every line that introduced a word in memory.
function detached(piece: string): string {
  if (piece.length < SLICE_LENGTH || piece.length > 1024) return piece
  const units = new Array<number>(piece.length)
  for (let i = 0; i < piece.length; i++) units[i] = piece.charCodeAt(i)
  return String.fromCharCode(...units)
}
