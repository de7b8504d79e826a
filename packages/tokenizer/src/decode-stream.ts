/**
 * Decodes ids one by one and gives out text as soon as it is certain.
 *
 * A token may be a part of a character, and how a token is written may depend on the one before it. So the last tokens that were
 * given out are decoded again together with the new ones, and what comes after their text is new.
 */
export class DecodeStream {
  readonly #decode: (ids: readonly number[]) => string
  #ids: number[] = []
  #prefix = ''
  #prefixLength = 0

  constructor(decode: (ids: readonly number[]) => string) {
    this.#decode = decode
  }

  /** The text that `id` completes; undefined while a character is not complete. */
  push(id: number): string | undefined {
    this.#ids.push(id)
    const text = this.#decode(this.#ids)
    if (text.length <= this.#prefix.length || text.endsWith('\ufffd') || !text.startsWith(this.#prefix))
      return undefined
    return this.#give(text)
  }

  /** The text that is still held back, at the end of the stream. */
  flush(): string {
    const text = this.#decode(this.#ids)
    return text.length > this.#prefix.length ? this.#give(text) : ''
  }

  #give(text: string): string {
    const fresh = text.slice(this.#prefix.length)
    this.#ids = this.#ids.slice(this.#prefixLength)
    this.#prefixLength = this.#ids.length
    this.#prefix = this.#decode(this.#ids)
    return fresh
  }
}
