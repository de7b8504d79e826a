interface Node {
  readonly next: Map<number, Node>
  /** Number of the pattern that ends here, or -1. */
  pattern: number
}

const newNode = (): Node => ({ next: new Map(), pattern: -1 })

/** Finds the leftmost, and of these the longest, of a set of strings in a text. */
export class TokenMatcher {
  readonly #root = newNode()
  // Low bytes with which patterns start: this test alone skips most of a text.
  readonly #first = new Uint8Array(256)
  // The unit with which all patterns start, if there is one: the engine finds it faster.
  readonly #onlyFirst: string | undefined
  readonly isEmpty: boolean

  /** @param patterns non-empty strings; the first of equal ones is used */
  constructor(patterns: readonly string[]) {
    this.isEmpty = patterns.length === 0
    const first = patterns[0]?.[0]
    this.#onlyFirst = patterns.every((pattern) => pattern[0] === first) ? first : undefined
    for (const [number, pattern] of patterns.entries()) {
      let node = this.#root
      for (let i = 0; i < pattern.length; i++) {
        const unit = pattern.charCodeAt(i)
        let next = node.next.get(unit)
        if (next === undefined) node.next.set(unit, (next = newNode()))
        node = next
      }
      if (node.pattern < 0) node.pattern = number
      this.#first[pattern.charCodeAt(0) & 0xff] = 1
    }
  }

  /** Whether a pattern starts with this unit. */
  startsWith(unit: number): boolean {
    return this.#root.next.has(unit)
  }

  /** The first match at or after `from`, or undefined. */
  find(text: string, from: number): { pattern: number; start: number; end: number } | undefined {
    if (this.#onlyFirst !== undefined) return this.#findFrom(this.#onlyFirst, text, from)
    const first = this.#first
    for (let start = from; start < text.length; start++) {
      if (first[text.charCodeAt(start) & 0xff] === 0) continue
      const match = this.#longestAt(text, start)
      if (match !== undefined) return match
    }
    return undefined
  }

  #findFrom(first: string, text: string, from: number) {
    for (let start = text.indexOf(first, from); start >= 0; start = text.indexOf(first, start + 1)) {
      const match = this.#longestAt(text, start)
      if (match !== undefined) return match
    }
    return undefined
  }

  #longestAt(text: string, start: number) {
    let node: Node | undefined = this.#root
    let found: { pattern: number; start: number; end: number } | undefined
    for (let i = start; i < text.length; i++) {
      node = node.next.get(text.charCodeAt(i))
      if (node === undefined) break
      if (node.pattern >= 0) found = { pattern: node.pattern, start, end: i + 1 }
    }
    return found
  }
}
