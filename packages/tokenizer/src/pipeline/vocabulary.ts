import { HeddleError, show } from '@heddle/core'

/** A two-way map between tokens and ids. */
export class Vocabulary {
  readonly #ids = new Map<string, number>()
  readonly #tokens: (string | undefined)[] = []

  /** If an id occurs twice, it names the later token. */
  constructor(entries: Iterable<readonly [string, number]>) {
    for (const [token, id] of entries) this.#ids.set(token, id)
    this.#fillTokens()
  }

  /** A vocabulary with positions as ids; a token that occurs twice keeps the later id. */
  static fromTokens(tokens: Iterable<string>): Vocabulary {
    return new Vocabulary([...tokens].map((token, id) => [token, id] as const))
  }

  /**
   * Reads the vocabulary of a tokenizer.json: an object of ids by token.
   *
   * @throws HeddleError `format`, naming the token whose id is wrong
   */
  static fromJSON(where: string, value: unknown): Vocabulary {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new HeddleError(
        'format',
        `${where}: expected an object of ids by token, got ${show(value)}. Check the file.`,
      )
    }
    const vocabulary = new Vocabulary([])
    for (const token of Object.keys(value)) {
      const id = (value as Record<string, number>)[token]!
      if (!Number.isInteger(id) || id < 0 || id > MAX_ID) {
        throw new HeddleError(
          'format',
          `${where}[${show(token)}]: expected an id that is an integer from 0 to ${MAX_ID}, got ${show(id)}. Check the file.`,
        )
      }
      vocabulary.#ids.set(token, id)
    }
    vocabulary.#fillTokens()
    return vocabulary
  }

  get size(): number {
    return this.#ids.size
  }

  /** One more than the largest id. */
  get idLimit(): number {
    return this.#tokens.length
  }

  /** Whether every id has one token. */
  get isUnique(): boolean {
    let count = 0
    for (const token of this.#tokens) if (token !== undefined) count++
    return count === this.#ids.size
  }

  id(token: string): number | undefined {
    return this.#ids.get(token)
  }

  token(id: number): string | undefined {
    return this.#tokens[id]
  }

  has(token: string): boolean {
    return this.#ids.has(token)
  }

  /** Pairs of token and id, in the order of the ids. */
  entries(): [string, number][] {
    return [...this.#ids].sort((a, b) => a[1] - b[1])
  }

  toMap(): Map<string, number> {
    return new Map(this.#ids)
  }

  #fillTokens(): void {
    let last = -1
    for (const id of this.#ids.values()) if (id > last) last = id
    const tokens = this.#tokens
    for (let id = tokens.length; id <= last; id++) tokens.push(undefined)
    for (const [token, id] of this.#ids) tokens[id] = token
  }

  /** An object of ids by token, in the order of the ids. */
  toJSON(): Record<string, number> {
    return objectOf(this.entries())
  }
}

// Ids are array indices: a larger one, from a damaged file, would exhaust memory.
export const MAX_ID = 2 ** 24 - 1

/** An object with these entries, for any keys (`__proto__` too). */
export function objectOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries)
}
