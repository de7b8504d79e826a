/**
 * Character categories as the Rust library has them, whose tables are those of Unicode 8 and 10: a vocabulary was made with them, and
 * the same text must become the same tokens in every JavaScript engine, however new its Unicode is.
 *
 * Each is the engine's category without the ranges in which all its characters came, or got there, later.
 */
class PinnedCategory {
  readonly #expression: RegExp
  readonly #later: readonly (readonly [number, number])[]
  readonly #more: ReadonlySet<number>

  /** @param later ranges of code points in hexadecimal; `more` the ones that have left the category since */
  constructor(expression: RegExp, later: string, more: readonly number[]) {
    this.#expression = expression
    this.#later = later.split(' ').map((range) => {
      const [first, last = first] = range.split('-').map((code) => Number.parseInt(code, 16)) as [number, number?]
      return [first, last]
    })
    this.#more = new Set(more)
  }

  has(code: number): boolean {
    if (this.#more.has(code)) return true
    if (!this.#expression.test(String.fromCodePoint(code))) return false
    return !this.#later.some(([first, last]) => first <= code && code <= last)
  }
}

/** Nonspacing marks, which BERT takes off as accents. */
export const NONSPACING_MARK = new PinnedCategory(
  /^\p{Mn}$/u,
  '7fd 897-8e1 9fe afa-aff b55 c04-c3c d00 d3b-d3c d81 eba ece 180f-1886 1abf-1aeb 1df6-1dfb a82c a8c5 a8ff a9bd 10d24-10f85 11070-11074 ' +
    '110c2 111c9 111cf 1123e-11241 1133b 113bb-1145e 1182f-1612f 16f4f 16fe4 1cf00-1cf46 1e000-1e6f5 1e944-1e94a',
  [0x1734, 0x1171e],
)

/** Marks of all kinds. */
export const MARK = new PinnedCategory(
  /^\p{M}$/u,
  '7fd 897-8d3 9fe afa-aff b55 c04-c3c cf3-d00 d3b-d3c d81 eba ece 1715 180f 1abf-1aeb 1cf7 1df6-1dfa a82c a8ff 10d24-10f85 11070-11074 ' +
    '110c2 11145-11146 111c9 111ce-111cf 11241 1133b 113b8-113e2 1145e 1182c-11b67 11d31-1612f 16f4f 16f7f-16f87 16fe4-16ff1 1cf00-1cf46 1e08f-1e6f5',
  [0x1cf2, 0x1cf3],
)

/** Punctuation, and all ASCII characters that are neither letters nor digits nor white space nor control characters. */
export const PUNCTUATION_MARK = new PinnedCategory(
  /^[\p{P}!-/:-@[-`{-~]$/u,
  '61d 9fd-a76 c77-c84 1b4e-1b4f 1b7d-1b7f 2e43-2e5d 10d6e-10f89 113d4-1145d 11660-116b9 1183b-11fff 12ff1-12ff2 16d6d-16fe2 1e5ff-1e95f',
  [0x166d, 0x111c9],
)

/** Control, format and private characters. */
export const CONTROL_CHARACTER = new PinnedCategory(/^[\p{Cc}\p{Cf}\p{Co}]$/u, '890-8e2 110cd-1343f', [])
