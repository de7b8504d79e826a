import { UnitTrie } from './unit-trie.ts'

/**
 * The merges that a list of tokens implies: every way to split a token into two others, as flat list of left and right tokens. Merges with the
 * same result are in the order of their parts' ids; the order of the results is that of `compare`.
 *
 * Prefixes and suffixes are found by tries, in time proportional to the tokens' lengths.
 *
 * @param tokens tokens by id; undefined for ids that do not merge
 * @param compare orders ids of results, the first merge first
 */
export function derivedMerges(
  tokens: readonly (string | undefined)[],
  compare: (a: number, b: number) => number,
): { readonly flat: string[] } {
  const prefixes = new UnitTrie()
  const suffixes = new UnitTrie()
  for (const [id, token] of tokens.entries()) {
    if (!token) continue
    prefixes.insert(token, id)
    suffixes.insertReversed(token, id)
  }
  const merges: { readonly left: number; readonly right: number; readonly made: number }[] = []
  for (const [made, token] of tokens.entries()) {
    if (!token) continue
    // For each place the id of the token before it, up to the first place that no token reaches.
    const lefts = prefixes.path(token)
    let node = 0
    for (let at = token.length - 1; at > 0; at--) {
      node = suffixes.child(node, token.charCodeAt(at))
      if (node < 0) break
      const right = suffixes.value(node)
      const left = lefts[at] ?? -1
      if (left >= 0 && right >= 0) merges.push({ left, right, made })
    }
  }
  merges.sort((a, b) => compare(a.made, b.made) || a.left - b.left || a.right - b.right)
  return { flat: merges.flatMap(({ left, right }) => [tokens[left]!, tokens[right]!]) }
}
