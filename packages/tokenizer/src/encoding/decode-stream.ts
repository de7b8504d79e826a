const INCOMPLETE = '\ufffd'

/** No character needs more tokens than this to be complete. */
const MOST_PARTS = 4
/** After this many tokens that completed nothing, text is returned as it stands: holding more would cost time for each further token. */
const MOST_HELD = 16

export interface DecodeStreamOptions {
  /** The text ends before the first of these strings; nothing of it is returned. Default none. */
  readonly stops?: readonly string[]
}

/**
 * Decodes ids one at a time and returns text as soon as later ids cannot change it.
 *
 * A token may be part of a character, and the text of a token may depend on the token before it. The stream therefore decodes the last
 * tokens again with each new one and returns what follows their text.
 *
 * The returned parts, joined, equal `decode` of all ids, unless the ids spell bytes that are not text: those may become another number of
 * U+FFFD.
 */
export class DecodeStream {
  readonly #decode: (ids: readonly number[]) => string
  readonly #stops: readonly string[]
  // The last tokens whose text was returned, with that text in `#prefix`, and the tokens that are held back.
  #ids: number[] = []
  #given = 0
  #prefix = ''
  // Text at the end that may begin a stop string.
  #held = ''
  #stopped = false

  /** @param decode decodes all ids of a list at once, as `Tokenizer.decode` does */
  constructor(decode: (ids: readonly number[]) => string, options: DecodeStreamOptions = {}) {
    this.#decode = decode
    this.#stops = (options.stops ?? []).filter((stop) => stop !== '')
  }

  /** Whether the text has reached a stop string. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Takes an id and returns the text that is certain now; empty while a character or a stop string may be incomplete. */
  push(id: number): string {
    if (this.#stopped) return ''
    this.#ids.push(id)
    const text = this.#decode(this.#ids)
    const isLonger = text.length > this.#prefix.length && text.startsWith(this.#prefix)
    if (isLonger && !text.endsWith(INCOMPLETE)) return this.#release(this.#take(text, this.#ids.length))
    if (this.#ids.length - this.#given < MOST_HELD) return ''
    const sure = this.#ids.length - MOST_PARTS
    return this.#release(this.#take(this.#decode(this.#ids.slice(0, sure)), sure))
  }

  /** Returns the text that is still held back, at the end of the stream. */
  flush(): string {
    if (this.#stopped) return ''
    const text = this.#release(this.#take(this.#decode(this.#ids), this.#ids.length)) + this.#held
    this.#held = ''
    return text
  }

  // The new part of the text of the first `count` ids.
  #take(text: string, count: number): string {
    const fresh = text.slice(this.#prefix.length)
    const held = this.#ids.slice(count)
    // Tokens without text are dropped, and the tokens before them stay: the first token of a text may be decoded differently.
    if (fresh === '') this.#ids.length = this.#given
    else {
      this.#ids = this.#ids.slice(this.#given, count)
      this.#given = this.#ids.length
      this.#prefix = this.#decode(this.#ids)
    }
    this.#ids.push(...held)
    return fresh
  }

  #release(fresh: string): string {
    if (this.#stops.length === 0) return fresh
    const text = this.#held + fresh
    this.#held = ''
    const found = this.#stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
    if (found.length > 0) {
      this.#stopped = true
      return text.slice(0, Math.min(...found))
    }
    const kept = text.length - this.#stops.reduce((longest, stop) => Math.max(longest, overlap(text, stop)), 0)
    this.#held = text.slice(kept)
    return text.slice(0, kept)
  }
}

/** Number of units at the end of `text` with which `stop` begins. */
function overlap(text: string, stop: string): number {
  for (let n = Math.min(text.length, stop.length - 1); n > 0; n--) if (text.endsWith(stop.slice(0, n))) return n
  return 0
}
