import type { AlignedText } from './aligned-text.ts'

/**
 * How pieces are written for the model, piece by piece and without regard to their neighbours (for example, as bytes). It is kept
 * beside the pieces and applied late, so that a piece whose tokens are known already need not be rewritten at all.
 */
export interface Spelling {
  spell(piece: string): string
  /** For each unit of `spell(piece)`, the unit of `piece` that it came from. */
  sources(piece: string): Int32Array
}

/** A text's pieces, in order: ranges of one aligned text. What lies between two pieces is left out. */
export class Pieces {
  readonly text: AlignedText
  /** Start and end of each piece in turn: [start 0, end 0, start 1, end 1, …]. */
  readonly bounds: readonly number[]
  readonly spelling: Spelling | undefined
  // Tokens are looked at one after the other, so that what was worked out for the last piece serves the next token too.
  #spelt = { i: -1, piece: '' }
  #aligned: { readonly i: number; readonly sources: Int32Array } = { i: -1, sources: new Int32Array(0) }

  constructor(text: AlignedText, bounds: readonly number[], spelling?: Spelling) {
    this.text = text
    this.bounds = bounds
    this.spelling = spelling
  }

  /** The whole text, or a part of it, as one piece. */
  static whole(text: AlignedText, start = 0, end: number = text.text.length): Pieces {
    return new Pieces(text, start < end ? [start, end] : [])
  }

  get length(): number {
    return this.bounds.length / 2
  }

  /** Piece `i`, before spelling. */
  raw(i: number): string {
    return this.text.text.slice(this.bounds[2 * i], this.bounds[2 * i + 1])
  }

  /** Piece `i` as the model reads it. */
  piece(i: number): string {
    if (this.spelling === undefined) return this.raw(i)
    if (this.#spelt.i !== i) this.#spelt = { i, piece: this.spelling.spell(this.raw(i)) }
    return this.#spelt.piece
  }

  /** All pieces as the model reads them. */
  toArray(): string[] {
    return Array.from({ length: this.length }, (_, i) => this.piece(i))
  }

  /** The range of the original text that `start` to `end` of piece `i`, as the model reads it, stands for. */
  originalRange(i: number, start: number, end: number): [number, number] {
    const base = this.bounds[2 * i]!
    if (this.spelling === undefined) return this.text.originalRange(base + start, base + end)
    if (this.#aligned.i !== i) this.#aligned = { i, sources: this.spelling.sources(this.raw(i)) }
    const { sources } = this.#aligned
    if (start >= end) return this.text.originalRange(base + (sources[start] ?? 0), base + (sources[start] ?? 0))
    const last = base + sources[end - 1]!
    const size = this.text.text.codePointAt(last)! > 0xffff ? 2 : 1
    return this.text.originalRange(base + sources[start]!, last + size)
  }

  /**
   * Splits every piece.
   *
   * @param bounds appends the ranges of `text` from `start` to `end` that are kept, in order, as start and end in turn
   */
  split(bounds: (text: string, start: number, end: number, out: number[]) => void): Pieces {
    const settled = this.settle()
    const out: number[] = []
    for (let i = 0; i < settled.bounds.length; i += 2)
      bounds(settled.text.text, settled.bounds[i]!, settled.bounds[i + 1]!, out)
    return new Pieces(settled.text, out)
  }

  /** The pieces with another spelling on top. */
  spelt(spelling: Spelling): Pieces {
    const settled = this.settle()
    return new Pieces(settled.text, settled.bounds, spelling)
  }

  /**
   * Rewrites every piece.
   *
   * @param sources for each unit of `rewrite(piece, i)`, the unit of `piece` whose original it takes over
   */
  rewrite(rewrite: (piece: string, i: number) => string, sources: (piece: string, i: number) => Int32Array): Pieces {
    const settled = this.settle()
    const texts: string[] = []
    const bounds: number[] = []
    let at = 0
    for (let i = 0; i < settled.length; i++) {
      const text = rewrite(settled.raw(i), i)
      if (text.length === 0) continue
      texts.push(text)
      bounds.push(at, at + text.length)
      at += text.length
    }
    const derived = settled.text.derive(texts.join(''), () => {
      const all = new Int32Array(at)
      let filled = 0
      for (let i = 0; i < settled.length; i++) {
        const base = settled.bounds[2 * i]!
        const own = sources(settled.raw(i), i)
        for (let j = 0; j < own.length; j++) all[filled++] = own[j]! + base
      }
      return all
    })
    return new Pieces(derived, bounds)
  }

  /** The same pieces with their spelling applied. */
  settle(): Pieces {
    if (this.spelling === undefined) return this
    const { spelling } = this
    const plain = new Pieces(this.text, this.bounds)
    return plain.rewrite(
      (piece) => spelling.spell(piece),
      (piece) => spelling.sources(piece),
    )
  }
}
