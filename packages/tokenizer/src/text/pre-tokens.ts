import { unitsOf } from '../unicode/units.ts'
import type { AlignedText } from './aligned-text.ts'
import { Bounds, type UnitSplitter } from './bounds.ts'

/**
 * The form in which a pre-token is passed to the model, for example its bytes. It depends on one pre-token alone and is applied late: a
 * pre-token whose tokens are cached is not rewritten at all.
 */
export interface Spelling {
  spell(preToken: string): string
  /** Most units of the spelling of one unit, and of an empty text. */
  readonly most: number
  /** Writes the spelling of `source` from `start` to `end` to `units`, which has room for it, and returns its number of units. */
  write(source: Uint16Array, start: number, end: number, units: Uint16Array): number
  /**
   * For each unit of the spelling of `text` from `start` to `end`, the unit of `text` where its character starts. The array may be longer
   * and is valid until the next call.
   */
  sources(text: string, start: number, end: number): ArrayLike<number>
}

/** The pre-tokens of a text, in order: ranges of one aligned text. Text between two ranges is dropped. */
export class PreTokens {
  readonly text: AlignedText
  /** Start and end of each pre-token in turn: [start 0, end 0, start 1, end 1, …]. */
  readonly bounds: readonly number[]
  readonly spelling: Spelling | undefined
  constructor(text: AlignedText, bounds: readonly number[], spelling?: Spelling) {
    this.text = text
    this.bounds = bounds
    this.spelling = spelling
  }

  /** The whole text, or a part of it, as one pre-token. */
  static whole(text: AlignedText, start = 0, end: number = text.text.length): PreTokens {
    return new PreTokens(text, start < end ? [start, end] : [])
  }

  get length(): number {
    return this.bounds.length / 2
  }

  /** Pre-token `i`, before spelling. */
  raw(i: number): string {
    return this.text.text.slice(this.bounds[2 * i], this.bounds[2 * i + 1])
  }

  /** Pre-token `i` as the model reads it. */
  spelled(i: number): string {
    return this.spelling === undefined ? this.raw(i) : this.spelling.spell(this.raw(i))
  }

  /** All pre-tokens as the model reads them. */
  toArray(): string[] {
    return Array.from({ length: this.length }, (_, i) => this.spelled(i))
  }

  /** The range of the original text for `start` to `end` of pre-token `i` as the model reads it. */
  originalRange(i: number, start: number, end: number): [number, number] {
    const out: [number, number][] = []
    this.appendRanges(i, [start, end, 0, 0], 0, 1, out)
    return out[0]!
  }

  /**
   * Appends the original ranges of tokens of pre-token `i` to `out`.
   *
   * @param marks for each token its start and end in the pre-token as the model reads it, and two more numbers; `from` and `to` count tokens
   */
  appendRanges(i: number, marks: readonly number[], from: number, to: number, out: [number, number][]): void {
    const { text, spelling } = this
    const base = this.bounds[2 * i]!
    // Must precede the call of `sources`: computing the alignment may use the same spelling for another text.
    if (!text.isOriginal) text.alignment()
    const sources = spelling?.sources(text.text, base, this.bounds[2 * i + 1]!)
    for (let k = from; k < to; k++) {
      let start = base + marks[4 * k]!
      let end = base + marks[4 * k + 1]!
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
   * Splits every pre-token.
   *
   * @param bounds appends the ranges to keep of `text` from `start` to `end`, in order, as pairs of start and end
   */
  split(bounds: (text: string, start: number, end: number, out: number[]) => void): PreTokens {
    const settled = this.settle()
    const out: number[] = []
    for (let i = 0; i < settled.bounds.length; i += 2)
      bounds(settled.text.text, settled.bounds[i]!, settled.bounds[i + 1]!, out)
    return new PreTokens(settled.text, out)
  }

  /** `split` by a function that reads UTF-16 units. */
  splitUnits(split: UnitSplitter): PreTokens {
    const settled = this.settle()
    const units = unitsOf(settled.text.text)
    const out = new Bounds()
    for (let i = 0; i < settled.bounds.length; i += 2) split(units, settled.bounds[i]!, settled.bounds[i + 1]!, out)
    return new PreTokens(settled.text, out.toArray())
  }

  /** The pre-tokens with another spelling on top. */
  withSpelling(spelling: Spelling): PreTokens {
    const settled = this.settle()
    return new PreTokens(settled.text, settled.bounds, spelling)
  }

  /**
   * Rewrites every pre-token.
   *
   * @param sources for each unit of `rewrite(preToken, i)`, the unit of `preToken` that it comes from
   */
  rewrite(
    rewrite: (preToken: string, i: number) => string,
    sources: (preToken: string, i: number) => ArrayLike<number>,
  ): PreTokens {
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
    return new PreTokens(derived, bounds)
  }

  /** The same pre-tokens with their spelling applied. */
  settle(): PreTokens {
    if (this.spelling === undefined) return this
    const { spelling } = this
    const plain = new PreTokens(this.text, this.bounds)
    return plain.rewrite(
      (preToken) => spelling.spell(preToken),
      (preToken) => spelling.sources(preToken, 0, preToken.length),
    )
  }
}

const isPairAt = (text: string, i: number): boolean =>
  (text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
