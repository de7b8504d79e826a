const INCOMPLETE = '\ufffd'

/** No character needs more tokens to be complete. */
const MOST_PARTS = 4
/** When so many tokens have completed nothing, text is given out as it stands, or the time for each further one would grow. */
const MOST_HELD = 16

/**
 * Decodes ids one by one and gives out text as soon as it is certain.
 *
 * A token may be a part of a character, and how a token is written may depend on the one before it. So the last tokens that were
 * given out are decoded again together with the new ones, and what comes after their text is new.
 *
 * All that is given out, joined, is what `decode` makes of the ids, unless they spell bytes that are no text: those may come out as another
 * number of U+FFFD.
 */
export class DecodeStream {
  readonly #decode: (ids: readonly number[]) => string
  // The last tokens that were given out, of which `#prefix` is the text, and those that are held back.
  #ids: number[] = []
  #given = 0
  #prefix = ''

  constructor(decode: (ids: readonly number[]) => string) {
    this.#decode = decode
  }

  /** The text that `id` completes; undefined while a character is not complete. */
  push(id: number): string | undefined {
    this.#ids.push(id)
    const text = this.#decode(this.#ids)
    const isLonger = text.length > this.#prefix.length && text.startsWith(this.#prefix)
    if (isLonger && !text.endsWith(INCOMPLETE)) return this.#give(text, this.#ids.length)
    if (this.#ids.length - this.#given < MOST_HELD) return undefined
    const sure = this.#ids.length - MOST_PARTS
    return this.#give(this.#decode(this.#ids.slice(0, sure)), sure) || undefined
  }

  /** The text that is still held back, at the end of the stream. */
  flush(): string {
    return this.#give(this.#decode(this.#ids), this.#ids.length)
  }

  // Gives out the text of the first `count` ids, as far as it is new.
  #give(text: string, count: number): string {
    const fresh = text.slice(this.#prefix.length)
    const held = this.#ids.slice(count)
    // Tokens without a text are forgotten, and what was given out before stays: the first token of a text may be written otherwise.
    if (fresh === '') this.#ids.length = this.#given
    else {
      this.#ids = this.#ids.slice(this.#given, count)
      this.#given = this.#ids.length
      this.#prefix = this.#decode(this.#ids)
    }
    this.#ids.push(...held)
    return fresh
  }
}
