import { HeddleError, type Turns } from '@heddle/core'

/**
 * The n-grams of one length k, ordered by their first k - 1 tokens and then by their last one. The n-grams that extend the same
 * context are neighbors.
 */
export interface TrieLevel {
  /** The last token of each n-gram. */
  readonly tokens: Int32Array
  /** The Kneser-Ney count of each n-gram: its occurrences, or the number of different tokens before it. */
  readonly counts: Int32Array
  /** For each n-gram of the level below, the index of the first n-gram that extends it. The last entry is the number of n-grams. */
  readonly starts: Int32Array
}

/** Most tokens of a vocabulary: a distribution over them takes 32 MB. */
export const MAX_VOCAB_SIZE = 2 ** 22

/** N-grams whose extensions are looked at in a turn of some milliseconds. */
const TURN = 1 << 14

/** The n-grams of a text by length: `levels[k - 1]` holds those of length k. */
export type NgramTrie = readonly TrieLevel[]

/**
 * Returns the index in `level` of the n-gram that extends n-gram `parent` of the level below by `token`, or -1.
 *
 * @param parent 0 for the first level
 */
export function childOf(level: TrieLevel, parent: number, token: number): number {
  const { tokens, starts } = level
  let low = starts[parent]!
  let high = starts[parent + 1]! - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const other = tokens[middle]!
    if (other === token) return middle
    if (other < token) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/**
 * Finds for each n-gram of each level the n-gram without its first token, in the level below (0 for the first level).
 *
 * @throws HeddleError `format` when one is missing: no text has such counts
 */
export function* suffixesOf(trie: NgramTrie): Turns<Int32Array[]> {
  const suffixes: Int32Array[] = []
  for (const [k, { tokens, starts }] of trie.entries()) {
    const suffix = new Int32Array(tokens.length)
    suffixes.push(suffix)
    if (k === 0) continue
    for (let from = 0; from + 1 < starts.length; from += TURN) {
      const parents = { from, to: Math.min(from + TURN, starts.length - 1) }
      if (!writeSuffixes(suffix, trie[k]!, trie[k - 1]!, suffixes[k - 1]!, parents)) {
        throw new HeddleError(
          'format',
          `n-gram model: expected the end of every n-gram of length ${k + 1} to be an n-gram, got one that is not. The file is damaged.`,
        )
      }
      yield
    }
  }
  return suffixes
}

/** @returns false where a suffix is missing */
function writeSuffixes(
  suffix: Int32Array,
  { tokens, starts }: TrieLevel,
  shorter: TrieLevel,
  parentSuffix: Int32Array,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  for (let parent = from; parent < to; parent++) {
    for (let i = starts[parent]!; i < starts[parent + 1]!; i++) {
      const found = childOf(shorter, parentSuffix[parent]!, tokens[i]!)
      if (found === -1) return false
      suffix[i] = found
    }
  }
  return true
}
