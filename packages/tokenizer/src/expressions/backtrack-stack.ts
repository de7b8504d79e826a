import { HeddleError } from '@heddle/core'

const SMALL = 256
const LARGE = 2 ** 16
/** Numbers that the stack may hold: 256 MiB. */
const MOST = 2 ** 26

/**
 * The stack of a search with backtracking: numbers, in entries of two or four whose last one is a tag, the kind of the entry in its
 * lowest two bits.
 */
export class BacktrackStack {
  values = new Int32Array(SMALL)
  top = 0
  #textLength = 0

  /** Empties it for the search of a text; a stack that one text has made very large is not kept for all others. */
  start(textLength: number): void {
    this.top = 0
    this.#textLength = textLength
    if (this.values.length > LARGE) this.values = new Int32Array(SMALL)
  }

  pop(): number {
    return this.values[--this.top]!
  }

  push2(value: number, tag: number): void {
    this.#reserve(2)
    const { values } = this
    values[this.top++] = value
    values[this.top++] = tag
  }

  push4(a: number, b: number, c: number, tag: number): void {
    this.#reserve(4)
    const { values } = this
    values[this.top++] = a
    values[this.top++] = b
    values[this.top++] = c
    values[this.top++] = tag
  }

  #reserve(count: number): void {
    if (this.top + count <= this.values.length) return
    if (this.values.length >= MOST) {
      throw new HeddleError(
        'data',
        `regular expression: expected a search within ${4 * MOST} bytes, got more for a text of ${this.#textLength} units. Split the text.`,
      )
    }
    const larger = new Int32Array(2 * this.values.length)
    larger.set(this.values)
    this.values = larger
  }
}
