import { codePointAt, stepBack } from '../unicode/code-point.ts'
import type { CharSet } from './char-set.ts'
import type { Assertion } from './syntax-tree.ts'

const LINE_FEED = 10

/** Finds assertions at a place of a text: ends of lines and of the text, borders of words and of graphemes. */
export class Surroundings {
  /** Place where the search began. */
  searchStart = 0
  readonly #text: string
  #graphemes: Uint8Array | undefined

  constructor(text: string) {
    this.#text = text
  }

  /**
   * Whether the assertion holds at `at`.
   *
   * @param word the characters of words, for the borders of words
   */
  hold(assertion: Assertion, at: number, word: CharSet | undefined): boolean {
    const text = this.#text
    const { length } = text
    switch (assertion) {
      case 'line-start':
        return at === 0 || (at < length && text.charCodeAt(at - 1) === LINE_FEED)
      case 'line-end':
        return at === length || text.charCodeAt(at) === LINE_FEED
      case 'text-start':
        return at === 0
      case 'text-end':
        return at === length
      case 'last-line-end':
        return at === length || (at === length - 1 && text.charCodeAt(at) === LINE_FEED)
      case 'search-start':
        return at === this.searchStart
      case 'grapheme-boundary':
        return this.#isGraphemeBorder(at)
      case 'no-grapheme-boundary':
        return !this.#isGraphemeBorder(at)
      default: {
        const before = stepBack(text, at)
        const isWordBefore = before >= 0 && word!.has(codePointAt(text, before))
        const isWordAfter = at < length && word!.has(codePointAt(text, at))
        return (isWordBefore !== isWordAfter) === (assertion === 'word-boundary')
      }
    }
  }

  #isGraphemeBorder(at: number): boolean {
    if (this.#graphemes === undefined) {
      this.#graphemes = new Uint8Array(this.#text.length + 1)
      const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
      for (const { index } of segmenter.segment(this.#text)) this.#graphemes[index] = 1
      this.#graphemes[this.#text.length] = 1
    }
    return this.#graphemes[at] === 1
  }
}
