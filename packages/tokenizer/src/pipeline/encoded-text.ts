import type { Pieces } from './pieces.ts'

/** A stretch of a text that was tokenized on its own: between added tokens, or an added token. */
export interface Segment {
  readonly pieces: Pieces
  /** The number of its first piece among all pieces of the text. */
  readonly firstWord: number
  /** Whether the stretch is one added token. */
  readonly added: boolean
}

/** What is needed to name tokens: the vocabulary, and the model's surface id. */
export interface TokenNames {
  idToToken(id: number): string | undefined
  readonly surfaceId: number | undefined
}

/** The tokens of one text, as the pipeline leaves them; all else is worked out from here when it is asked for. */
export class EncodedText {
  readonly text: string
  readonly ids: Int32Array
  // For each token: where it begins and ends within its piece, and the piece's number. A plain array, as making one is cheaper than
  // making a typed one, and most texts are short.
  readonly #marks: readonly number[]
  readonly #segments: readonly Segment[]
  readonly #names: TokenNames

  constructor(
    text: string,
    ids: Int32Array,
    marks: readonly number[],
    segments: readonly Segment[],
    names: TokenNames,
  ) {
    this.text = text
    this.ids = ids
    this.#marks = marks
    this.#segments = segments
    this.#names = names
  }

  get length(): number {
    return this.ids.length
  }

  /** The token's name; for an added token or an unknown piece of a surface model, the text that it stands for. */
  token(i: number): string {
    const id = this.ids[i]!
    const segment = this.#segmentOf(i)
    if (segment.added) return segment.pieces.raw(0)
    if (id === this.#names.surfaceId)
      return segment.pieces.piece(this.word(i) - segment.firstWord).slice(this.#marks[3 * i], this.#marks[3 * i + 1])
    return this.#names.idToToken(id) ?? ''
  }

  /** The number of the piece that the token belongs to. */
  word(i: number): number {
    return this.#marks[3 * i + 2]!
  }

  /** The range of the text that the token stands for, in UTF-16 units. */
  offset(i: number): [number, number] {
    const segment = this.#segmentOf(i)
    return segment.pieces.originalRange(this.word(i) - segment.firstWord, this.#marks[3 * i]!, this.#marks[3 * i + 1]!)
  }

  #segmentOf(i: number): Segment {
    const word = this.word(i)
    let low = 0
    let high = this.#segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#segments[middle]!.firstWord <= word) low = middle
      else high = middle - 1
    }
    return this.#segments[low]!
  }
}
