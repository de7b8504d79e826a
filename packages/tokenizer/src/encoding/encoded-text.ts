import type { PreTokens } from '../text/pre-tokens.ts'

/** A stretch of a text that is tokenized on its own: text between added tokens, or an added token. */
export interface Segment {
  readonly preTokens: PreTokens
  /** Number of its first pre-token within the text. */
  readonly firstWord: number
  /** Whether the stretch is one added token. */
  readonly added: boolean
}

/** Names of tokens, and the model's surface id. */
interface TokenNames {
  idToToken(id: number): string | undefined
  readonly surfaceId: number | undefined
}

/** Places of the tokens of a text. */
export interface TokenMarks {
  /**
   * For each token its start and end in its pre-token, the pre-token's number, and the token's id. A plain array: cheaper to create than a typed
   * one, and most texts are short.
   */
  readonly marks: readonly number[]
  readonly segments: readonly Segment[]
}

/** Finds marks again: most texts are only asked for their ids. */
export interface TextSource extends TokenNames {
  marks(text: string): TokenMarks
}

/** The tokens of one text; names, words and offsets are computed on demand. */
export class EncodedText {
  readonly text: string
  readonly ids: Int32Array
  readonly #source: TextSource
  #found: TokenMarks | undefined

  /** @param found the marks; without them, `source` must give those of `ids` at any time later */
  constructor(text: string, ids: Int32Array, source: TextSource, found?: TokenMarks) {
    this.text = text
    this.ids = ids
    this.#source = source
    this.#found = found
  }

  get length(): number {
    return this.ids.length
  }

  get #marks(): readonly number[] {
    return (this.#found ??= this.#source.marks(this.text)).marks
  }

  get #segments(): readonly Segment[] {
    return (this.#found ??= this.#source.marks(this.text)).segments
  }

  /** Appends the names of tokens; for added tokens, and unknown tokens of a surface model, the text that they cover. */
  appendTokens(from: number, to: number, out: string[]): void {
    const marks = this.#marks
    const names = this.#source
    const { surfaceId } = names
    this.#forEachSegment(from, to, ({ preTokens, firstWord, added }, start, end) => {
      for (let i = start; i < end; i++) {
        const id = marks[4 * i + 3]!
        if (added) out.push(preTokens.raw(0))
        else if (id === surfaceId)
          out.push(preTokens.spelled(marks[4 * i + 2]! - firstWord).slice(marks[4 * i], marks[4 * i + 1]))
        else out.push(names.idToToken(id) ?? '')
      }
    })
  }

  /** Appends the number of the pre-token of each token. */
  appendWords(from: number, to: number, out: (number | null)[]): void {
    for (let i = from; i < to; i++) out.push(this.#marks[4 * i + 2]!)
  }

  /** Appends the range of the text of each token, in UTF-16 units. */
  appendOffsets(from: number, to: number, out: [number, number][]): void {
    const marks = this.#marks
    this.#forEachSegment(from, to, ({ preTokens, firstWord }, start, end) => {
      // One pre-token at a time: its tokens share the computed alignment.
      for (let i = start; i < end; ) {
        const word = marks[4 * i + 2]!
        let next = i + 1
        while (next < end && marks[4 * next + 2] === word) next++
        preTokens.appendRanges(word - firstWord, marks, i, next, out)
        i = next
      }
    })
  }

  /** Number of tokens in the first (last, if `backwards`) pre-tokens that together reach `limit` tokens; added tokens do not count toward it. */
  reach(limit: number, backwards: boolean): number {
    const { length } = this
    if (length <= limit) return length
    const marks = this.#marks
    const wordAt = (i: number) => marks[4 * (backwards ? length - 1 - i : i) + 2]!
    let counted = 0
    for (let i = 0; i < length; ) {
      if (counted >= limit) return i
      const word = wordAt(i)
      let next = i + 1
      while (next < length && wordAt(next) === word) next++
      if (!this.#segments[this.#segmentOf(word)]!.added) counted += next - i
      i = next
    }
    return length
  }

  #forEachSegment(from: number, to: number, visit: (segment: Segment, from: number, to: number) => void): void {
    const segments = this.#segments
    if (segments.length === 1) {
      if (from < to) visit(segments[0]!, from, to)
      return
    }
    const marks = this.#marks
    let number = from < to ? this.#segmentOf(marks[4 * from + 2]!) : 0
    for (let i = from; i < to; number++) {
      const end = segments[number + 1]?.firstWord ?? Number.POSITIVE_INFINITY
      let next = i
      while (next < to && marks[4 * next + 2]! < end) next++
      if (next > i) visit(segments[number]!, i, next)
      i = next
    }
  }

  #segmentOf(word: number): number {
    let low = 0
    let high = this.#segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#segments[middle]!.firstWord <= word) low = middle
      else high = middle - 1
    }
    return low
  }
}
