import { HeddleError, show } from '@heddle/core'

/** A two-way map between tokens and ids. */
export class Vocabulary {
  readonly #ids: Map<string, number>
  readonly #tokens: (string | undefined)[] = []

  /** If an id occurs twice, it names the later token. */
  constructor(entries: Iterable<readonly [string, number]>) {
    this.#ids = new Map(entries)
    const ordered = [...this.#ids].sort((a, b) => a[1] - b[1])
    const last = ordered.at(-1)?.[1] ?? -1
    this.#tokens = new Array<string | undefined>(last + 1).fill(undefined)
    for (const [token, id] of ordered) this.#tokens[id] = token
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
    const entries = Object.entries(value as Record<string, number>)
    for (const [token, id] of entries) {
      if (!Number.isInteger(id) || id < 0 || id > MAX_ID) {
        throw new HeddleError(
          'format',
          `${where}[${show(token)}]: expected an id that is an integer from 0 to ${MAX_ID}, got ${show(id)}. Check the file.`,
        )
      }
    }
    return new Vocabulary(entries)
  }

  get size(): number {
    return this.#ids.size
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

  /** An object of ids by token, in the order of the ids. */
  toJSON(): Record<string, number> {
    return objectOf(this.entries())
  }
}

// Ids are array indices: a larger one, from a damaged file, would exhaust memory.
const MAX_ID = 2 ** 24 - 1

/** An object with these entries, for any keys (`__proto__` too). */
export function objectOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries(entries)
}
