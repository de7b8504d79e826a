import type { Program } from './program.ts'

/** Larger tables are not made: the limit of steps then ends a search that takes too long. */
const MOST_CELLS = 2 ** 25

const UNKNOWN = 0
const FAILED = 1

/**
 * Remembers the places of a text from which a program cannot match, so that none is tried twice: with it a search takes time in proportion
 * to the length of the text. Within look-arounds and atomic groups it also remembers where a match ends.
 */
export class Failures {
  readonly #cells: Int32Array | Uint8Array
  readonly #width: number
  readonly #keepsEnds: boolean
  // For each span, the places from `lows` to `highs` where what follows it has failed.
  readonly lows: Int32Array
  readonly highs: Int32Array

  private constructor(cells: Int32Array | Uint8Array, width: number, keepsEnds: boolean, spans: number) {
    this.#cells = cells
    this.#width = width
    this.#keepsEnds = keepsEnds
    this.lows = new Int32Array(spans).fill(-1)
    this.highs = new Int32Array(spans).fill(-1)
  }

  /** A table for a text of `length` units; undefined if it would be too large, or of no use for the program. */
  static for(program: Program, length: number): Failures | undefined {
    if (program.hasHistory) return undefined
    const width = length + 1
    const count = program.forks * width
    if (count > MOST_CELLS) return undefined
    const keepsEnds = program.bodies > 0 && !program.hasEmptyRounds
    return new Failures(
      keepsEnds ? new Int32Array(count) : new Uint8Array(count),
      width,
      keepsEnds,
      program.spans.length,
    )
  }

  /** Whether a fork has failed at a place. */
  has(fork: number, place: number): boolean {
    return this.#cells[fork * this.#width + place] === FAILED
  }

  add(fork: number, place: number): void {
    this.#cells[fork * this.#width + place] = FAILED
  }

  /** End of the match of a body that passes a fork at a place, or -1 if it is not known. */
  end(fork: number, place: number): number {
    const cell = this.#cells[fork * this.#width + place]!
    return this.#keepsEnds && cell > FAILED ? cell - FAILED - 1 : -1
  }

  setEnd(fork: number, place: number, end: number): void {
    if (this.#keepsEnds && this.#cells[fork * this.#width + place] === UNKNOWN)
      this.#cells[fork * this.#width + place] = end + FAILED + 1
  }

  /** Remembers that no match continues a span at the places from `low` to `high`. */
  addSpan(span: number, low: number, high: number): void {
    if (this.highs[span] === high) this.lows[span] = Math.min(this.lows[span]!, low)
    else {
      this.highs[span] = high
      this.lows[span] = low
    }
  }
}
