import { convertOffsets, type OffsetUnit } from './offset-unit.ts'
import { appendOffsets, appendTokens, appendWords, type Run, runIds, runLength } from './run.ts'

/**
 * The tokens of a text or of a pair of texts, as input for a model.
 *
 * The columns (`ids`, `tokens`, `offsets`, …) have one entry for each token and are computed when they are first read.
 */
export class Encoding {
  readonly #runs: readonly Run[]
  /** The parts that truncation cut off. */
  readonly overflowing: readonly Encoding[]
  #ids: Int32Array | undefined
  #typeIds: Int32Array | undefined
  #attentionMask: Int32Array | undefined
  #specialTokensMask: Int32Array | undefined
  #tokens: readonly string[] | undefined
  #offsets: readonly [number, number][] | undefined
  #wordIds: readonly (number | null)[] | undefined

  constructor(runs: readonly Run[], overflowing: readonly Encoding[] = []) {
    this.#runs = runs
    this.overflowing = overflowing
  }

  /** The runs of the encoding, for post-processors. */
  get runs(): readonly Run[] {
    return this.#runs
  }

  get length(): number {
    let length = 0
    for (const run of this.#runs) length += runLength(run)
    return length
  }

  get ids(): Int32Array {
    if (this.#ids === undefined) {
      if (this.#runs.length === 1) this.#ids = runIds(this.#runs[0]!)
      else {
        this.#ids = new Int32Array(this.length)
        let at = 0
        for (const run of this.#runs) {
          const ids = runIds(run)
          this.#ids.set(ids, at)
          at += ids.length
        }
      }
    }
    return this.#ids
  }

  /** The tokens' names. */
  get tokens(): readonly string[] {
    this.#tokens ??= this.#collect(appendTokens)
    return this.#tokens
  }

  /** The range of the original text of each token, in UTF-16 units: `text.slice(...offset)`. [0, 0] for added special tokens. */
  get offsets(): readonly [number, number][] {
    this.#offsets ??= this.#collect(appendOffsets)
    return this.#offsets
  }

  /** The offsets counted in UTF-16 units, code points (as in Python) or UTF-8 bytes (as in Rust). */
  offsetsIn(unit: OffsetUnit): [number, number][] {
    return this.#runs.flatMap((run) => {
      const offsets: [number, number][] = []
      appendOffsets(run, offsets)
      return run.kind === 'text' ? convertOffsets(run.source.text, offsets, unit) : offsets
    })
  }

  /** Segment of each token, for models with segment embeddings. */
  get typeIds(): Int32Array {
    this.#typeIds ??= this.#fill((run) => run.typeId)
    return this.#typeIds
  }

  /** 1 for tokens, 0 for padding. */
  get attentionMask(): Int32Array {
    this.#attentionMask ??= this.#fill((run) => (run.kind === 'padding' ? 0 : 1))
    return this.#attentionMask
  }

  /** 1 for tokens added by the post-processor or by padding, 0 for tokens of the text. */
  get specialTokensMask(): Int32Array {
    this.#specialTokensMask ??= this.#fill((run) => (run.kind === 'text' ? 0 : 1))
    return this.#specialTokensMask
  }

  /** Number of each token's pre-token within its text; null for added special tokens. */
  get wordIds(): readonly (number | null)[] {
    this.#wordIds ??= this.#collect(appendWords)
    return this.#wordIds
  }

  /** 0 or 1 for tokens of the first or second text, null for added special tokens. */
  get sequenceIds(): (number | null)[] {
    return this.#runs.flatMap((run) =>
      Array<number | null>(runLength(run)).fill(run.kind === 'text' ? run.sequence : null),
    )
  }

  /** The first token that covers the UTF-16 unit at `position` of text `sequence`. */
  charToToken(position: number, sequence = 0): number | undefined {
    const sequences = this.sequenceIds
    const token = this.offsets.findIndex(
      ([start, end], i) => sequences[i] === sequence && start <= position && position < end,
    )
    return token < 0 ? undefined : token
  }

  /** The tokens of word `word` of text `sequence`: the first, and the one after the last. */
  wordToTokens(word: number, sequence = 0): [number, number] | undefined {
    const sequences = this.sequenceIds
    const isOfWord = (id: number | null, i: number) => id === word && sequences[i] === sequence
    const first = this.wordIds.findIndex(isOfWord)
    return first < 0 ? undefined : [first, this.wordIds.findLastIndex(isOfWord) + 1]
  }

  /** All columns as plain arrays. */
  toJSON(): Record<string, unknown> {
    return {
      ids: Array.from(this.ids),
      tokens: this.tokens,
      offsets: this.offsets,
      typeIds: Array.from(this.typeIds),
      attentionMask: Array.from(this.attentionMask),
      specialTokensMask: Array.from(this.specialTokensMask),
      wordIds: this.wordIds,
      overflowing: this.overflowing.map((encoding) => encoding.toJSON()),
    }
  }

  #collect<T>(append: (run: Run, out: T[]) => void): T[] {
    const column: T[] = []
    for (const run of this.#runs) append(run, column)
    return column
  }

  #fill(value: (run: Run) => number): Int32Array {
    const column = new Int32Array(this.length)
    let at = 0
    for (const run of this.#runs) {
      const end = at + runLength(run)
      column.fill(value(run), at, end)
      at = end
    }
    return column
  }
}
