/** Words as rows of symbols, with their counts. */
export class WordTable {
  // The symbols of all words in one array; a word that shrinks leaves a gap behind it.
  readonly #symbols: Int32Array
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #counts: Float64Array

  constructor(words: readonly (readonly number[])[], counts: readonly number[]) {
    this.#symbols = new Int32Array(words.reduce((sum, { length }) => sum + length, 0))
    this.#starts = new Int32Array(words.length)
    this.#lengths = Int32Array.from(words, ({ length }) => length)
    this.#counts = Float64Array.from(counts)
    let at = 0
    for (const [word, symbols] of words.entries()) {
      this.#starts[word] = at
      this.#symbols.set(symbols, at)
      at += symbols.length
    }
  }

  /** Visits all adjacent pairs, word by word. */
  forEachPair(visit: (left: number, right: number, word: number, count: number) => void): void {
    for (let word = 0; word < this.#starts.length; word++) {
      const start = this.#starts[word]!
      for (let i = start + 1, end = start + this.#lengths[word]!; i < end; i++) {
        visit(this.#symbols[i - 1]!, this.#symbols[i]!, word, this.#counts[word]!)
      }
    }
  }

  /**
   * Replaces every pair of `left` and `right` in some words by `made`.
   *
   * @param changed called for every other pair that appears or disappears, with the change of its count
   */
  merge(
    words: readonly number[],
    left: number,
    right: number,
    made: number,
    changed: (left: number, right: number, change: number, word: number) => void,
  ): void {
    const symbols = this.#symbols
    for (const word of words) {
      const start = this.#starts[word]!
      const end = start + this.#lengths[word]!
      const count = this.#counts[word]!
      let to = start
      for (let from = start; from < end; from++, to++) {
        if (symbols[from] !== left || from + 1 >= end || symbols[from + 1] !== right) {
          symbols[to] = symbols[from]!
          continue
        }
        if (to > start) {
          changed(symbols[to - 1]!, left, -count, word)
          changed(symbols[to - 1]!, made, count, word)
        }
        if (from + 2 < end) {
          changed(right, symbols[from + 2]!, -count, word)
          changed(made, symbols[from + 2]!, count, word)
        }
        symbols[to] = made
        from++
      }
      this.#lengths[word] = to - start
    }
  }
}
