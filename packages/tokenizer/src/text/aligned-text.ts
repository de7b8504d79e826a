/**
 * Text in the pipeline, with the range of the original text that each of its characters comes from.
 *
 * The value is immutable. The alignment is computed on demand: a derived text keeps its parent and a function that gives, for each of its
 * units, the unit of the parent that it comes from.
 */
export class AlignedText {
  readonly text: string
  /** Start of the text in the original. */
  readonly offset: number
  #parent: AlignedText | undefined
  #sources: (() => Int32Array) | undefined
  #alignment: Int32Array | undefined

  private constructor(text: string, offset: number) {
    this.text = text
    this.offset = offset
  }

  /** A part of the original text, unchanged. */
  static of(text: string, offset = 0): AlignedText {
    return new AlignedText(text, offset)
  }

  /**
   * A text derived from this one.
   *
   * @param sources returns, for each unit of `text`, the unit of this text that it comes from, or -1 for none (the empty range at the
   *   start). It must be pure: it is called only when offsets are read.
   */
  derive(text: string, sources: () => Int32Array): AlignedText {
    const derived = new AlignedText(text, this.offset)
    derived.#parent = this
    derived.#sources = sources
    return derived
  }

  /** Whether the text is the original, unchanged. */
  get isOriginal(): boolean {
    return this.#parent === undefined
  }

  /** The range of the original text that `start` to `end` of this text comes from. */
  originalRange(start: number, end: number): [number, number] {
    if (this.#parent === undefined) return [this.offset + start, this.offset + end]
    const alignment = this.alignment()
    if (start < end) return [alignment[2 * start]!, alignment[2 * end - 1]!]
    const at = alignment[2 * start] ?? alignment.at(-1) ?? this.offset
    return [at, at]
  }

  /** Start and end of the original range of each unit, in turn; both units of a surrogate pair have the pair's range. */
  alignment(): Int32Array {
    this.#alignment ??= this.#parent === undefined ? this.#ownAlignment() : this.#composed(this.#parent)
    return this.#alignment
  }

  #ownAlignment(): Int32Array {
    const alignment = new Int32Array(2 * this.text.length)
    for (let i = 0; i < this.text.length; i++) this.#alignUnit(i, alignment, i)
    return alignment
  }

  #composed(parent: AlignedText): Int32Array {
    const sources = this.#sources!()
    const alignment = new Int32Array(2 * sources.length)
    const parentAlignment = parent.isOriginal ? undefined : parent.alignment()
    for (let i = 0; i < sources.length; i++) {
      const source = sources[i]!
      if (source < 0) alignment[2 * i] = alignment[2 * i + 1] = this.offset
      else if (parentAlignment === undefined) parent.#alignUnit(source, alignment, i)
      else {
        alignment[2 * i] = parentAlignment[2 * source]!
        alignment[2 * i + 1] = parentAlignment[2 * source + 1]!
      }
    }
    return alignment
  }

  // Writes the range of this (original) text's unit `source` as that of unit `i` of an alignment.
  #alignUnit(source: number, alignment: Int32Array, i: number): void {
    const { text } = this
    let start = source
    let end = source + 1
    const unit = text.charCodeAt(source)
    if ((unit & 0xfc00) === 0xd800 && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end++
    else if ((unit & 0xfc00) === 0xdc00 && source > 0 && (text.charCodeAt(source - 1) & 0xfc00) === 0xd800) start--
    alignment[2 * i] = this.offset + start
    alignment[2 * i + 1] = this.offset + end
  }
}
