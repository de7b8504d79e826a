import type { AlignedText } from './aligned-text.ts'

/**
 * How pieces are written for the model, piece by piece and without regard to their neighbours (for example, as bytes). It is kept
 * beside the pieces and applied late, so that a piece whose tokens are known already need not be rewritten at all.
 */
export interface Spelling {
  spell(piece: string): string
  /**
   * For each unit of the spelling of `text` from `start` to `end`, the unit of `text` where the character that it came from begins. The
   * array may be longer, and holds until the next call.
   */
  sources(text: string, start: number, end: number): ArrayLike<number>
}

/** A text's pieces, in order: ranges of one aligned text. What lies between two pieces is left out. */
export class Pieces {
  readonly text: AlignedText
  /** Start and end of each piece in turn: [start 0, end 0, start 1, end 1, …]. */
  readonly bounds: readonly number[]
  readonly spelling: Spelling | undefined
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
    return this.spelling === undefined ? this.raw(i) : this.spelling.spell(this.raw(i))
  }

  /** All pieces as the model reads them. */
  toArray(): string[] {
    return Array.from({ length: this.length }, (_, i) => this.piece(i))
  }

  /** The range of the original text that `start` to `end` of piece `i`, as the model reads it, stands for. */
  originalRange(i: number, start: number, end: number): [number, number] {
    const out: [number, number][] = []
    this.appendRanges(i, [start, end, 0], 0, 1, out)
    return out[0]!
  }

  /**
   * Appends the original ranges of tokens of piece `i` to `out`.
   *
   * @param marks for each token where it begins and ends in the piece as the model reads it, and a third number; `from` and `to` count tokens
   */
  appendRanges(i: number, marks: readonly number[], from: number, to: number, out: [number, number][]): void {
    const { text, spelling } = this
    const base = this.bounds[2 * i]!
    // Before the sources, as it may ask the same spelling for those of another text.
    if (!text.isOriginal) text.alignment()
    const sources = spelling?.sources(text.text, base, this.bounds[2 * i + 1]!)
    for (let k = from; k < to; k++) {
      let start = base + marks[3 * k]!
      let end = base + marks[3 * k + 1]!
      if (sources !== undefined) {
        const isEmpty = start >= end
        const last = isEmpty ? 0 : sources[end - base - 1]!
        start = sources[start - base] ?? base
        end = isEmpty ? start : last + (isPairAt(text.text, last) ? 2 : 1)
      }
      out.push(text.originalRange(start, end))
    }
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
  rewrite(
    rewrite: (piece: string, i: number) => string,
    sources: (piece: string, i: number) => ArrayLike<number>,
  ): Pieces {
    const settled = this.settle()
    const texts: string[] = []
    const bounds: number[] = []
    let at = 0
    for (let i = 0; i < settled.length; i++) {
      const text = rewrite(settled.raw(i), i)
      texts.push(text)
      if (text.length === 0) continue
      bounds.push(at, at + text.length)
      at += text.length
    }
    const derived = settled.text.derive(texts.length === 1 ? texts[0]! : texts.join(''), () => {
      const all = new Int32Array(at)
      let filled = 0
      for (let i = 0; i < settled.length; i++) {
        const base = settled.bounds[2 * i]!
        const own = sources(settled.raw(i), i)
        for (let j = 0, { length } = texts[i]!; j < length; j++) all[filled++] = own[j]! + base
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
      (piece) => spelling.sources(piece, 0, piece.length),
    )
  }
}

const isPairAt = (text: string, i: number): boolean =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
