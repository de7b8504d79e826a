/**
 * Turns tokens into text as they come: gives a piece as soon as later tokens can no longer change it, so that characters of
 * several tokens come whole, and nothing of a stop string is ever given.
 */
export class TextStream {
  readonly #decode: (ids: readonly number[]) => string
  readonly #stops: readonly string[]
  readonly #ids: number[] = []
  // Tokens from `#context` on are decoded together; those before `#given` are only there for their effect on the next ones.
  #context = 0
  #given = 0
  #held = ''
  #stopped = false

  /**
   * @param decode the tokenizer's
   * @param stops text ends before the first of these
   */
  constructor(decode: (ids: readonly number[]) => string, stops: readonly string[] = []) {
    this.#decode = decode
    this.#stops = stops
  }

  /** Whether a stop string came; nothing is given after it. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Takes a token; returns the text that is certain now, often empty. */
  push(token: number): string {
    this.#ids.push(token)
    const before = this.#decode(this.#ids.slice(this.#context, this.#given))
    const text = this.#decode(this.#ids.slice(this.#context))
    // The replacement character stands for a character whose bytes are not all there.
    if (text.length <= before.length || text.endsWith('\uFFFD')) return ''
    this.#context = this.#given
    this.#given = this.#ids.length
    return this.#release(text.slice(before.length))
  }

  /** What was held back. */
  end(): string {
    const before = this.#decode(this.#ids.slice(this.#context, this.#given))
    const rest = this.#decode(this.#ids.slice(this.#context)).slice(before.length)
    this.#context = this.#given = this.#ids.length
    const text = this.#release(rest) + this.#held
    this.#held = ''
    return text
  }

  #release(added: string): string {
    if (this.#stopped) return ''
    const text = this.#held + added
    this.#held = ''
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
    if (found.length > 0) {
      this.#stopped = true
      return text.slice(0, Math.min(...found))
    }
    const held = this.#stops.reduce((longest, stop) => Math.max(longest, overlap(text, stop)), 0)
    this.#held = text.slice(text.length - held)
    return text.slice(0, text.length - held)
  }
}

/** How many characters at the end of `text` are the beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let n = Math.min(text.length, stop.length - 1); n > 0; n--) if (text.endsWith(stop.slice(0, n))) return n
  return 0
}
