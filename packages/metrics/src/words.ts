// What Python's str.split() and str.rstrip() count as white space: the reference implementations split with it. JavaScript's \s
// differs: it lacks U+001C to U+001F and U+0085 and has U+FEFF.
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const SPACES = new RegExp(`[${SPACE}]+`, 'u')
const LAST_SPACES = new RegExp(`[${SPACE}]+$`, 'u')

/** The words between white space. */
export function words(text: string): string[] {
  return text.split(SPACES).filter((word) => word !== '')
}

/** The text without white space at its end. */
export function trimEnd(text: string): string {
  return text.replace(LAST_SPACES, '')
}

/** How often each n-gram of the tokens occurs; an n-gram's tokens are joined by `separator`. */
export function countNgrams(tokens: readonly string[], n: number, separator = ' '): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i + n <= tokens.length; i++) {
    const ngram = n === 1 ? tokens[i]! : tokens.slice(i, i + n).join(separator)
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** How many n-grams two counts have in common, each as often as the rarer of its counts. */
export function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [ngram, count] of a) common += Math.min(count, b.get(ngram) ?? 0)
  return common
}
