// White space of Python's str.split() and str.rstrip(), which the reference implementations use. JavaScript's \s lacks U+001C to
// U+001F and U+0085, and has U+FEFF.
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const SPACES = new RegExp(`[${SPACE}]+`, 'u')
const IS_SPACE = new RegExp(`^[${SPACE}]$`, 'u')

/** Returns the words between white space. */
export function words(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '')
}

/** Returns the text without white space at its end. */
export function trimEnd(text: string): string {
  // An expression anchored at the end would try every run of spaces in the text to its end.
  let end = text.length
  while (end > 0 && IS_SPACE.test(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** Returns the count of each n-gram of the tokens. The tokens of an n-gram are joined by `separator`. */
export function countNgrams(tokens: readonly string[], n: number, separator = ' '): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i + n <= tokens.length; i++) {
    const ngram = n === 1 ? tokens[i]! : tokens.slice(i, i + n).join(separator)
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** Returns the number of n-grams that two counts share: the sum of the smaller counts. */
export function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [ngram, count] of a) common += Math.min(count, b.get(ngram) ?? 0)
  return common
}
