import { atOnce, RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { countNgrams } from './count-ngrams.ts'
import type { NgramTrie } from './ngram-trie.ts'

/** Every n-gram of a length, spelled out, with its count. */
function spelled(trie: NgramTrie, length: number): Record<string, number> {
  let prefixes: string[] = ['']
  let counts: Int32Array = new Int32Array(0)
  for (const level of trie.slice(0, length)) {
    const next: string[] = []
    for (const [parent, prefix] of prefixes.entries()) {
      for (let i = level.starts[parent]!; i < level.starts[parent + 1]!; i++) next.push(`${prefix} ${level.tokens[i]}`)
    }
    prefixes = next
    counts = level.counts
  }
  return Object.fromEntries(prefixes.map((text, i) => [text.trim(), counts[i]!]))
}

describe('countNgrams', () => {
  it('counts occurrences at the full length and different tokens before below it', () => {
    const trie = atOnce(countNgrams(Int32Array.of(0, 1, 0, 1, 2, 1, 0), 2, 9))
    expect(spelled(trie, 2)).toEqual({ '0 1': 2, '1 0': 2, '1 2': 1, '2 1': 1 })
    expect(spelled(trie, 1)).toEqual({ 0: 1, 1: 2, 2: 1 })
  })

  it('does not count across the beginning of a sequence, and counts occurrences after it', () => {
    const trie = atOnce(countNgrams(Int32Array.of(9, 0, 1, 9, 0, 2, 9, 0, 1), 3, 9))
    expect(spelled(trie, 3)).toEqual({ '9 0 1': 2, '9 0 2': 1 })
    expect(spelled(trie, 2)).toEqual({ '9 0': 3, '0 1': 1, '0 2': 1 })
    expect(spelled(trie, 1)).toEqual({ 0: 1, 1: 1, 2: 1, 9: 3 })
  })

  it('agrees with a map of strings on a text that makes its tables grow', () => {
    const rng = new RandomStream(4)
    const ids = Int32Array.from({ length: 30_000 }, () => Math.floor(400 * rng.uniform() ** 2))
    const trie = atOnce(countNgrams(ids, 3, 400))
    const expected: Record<string, number> = {}
    for (let i = 0; i + 3 <= ids.length; i++) {
      const key = ids.subarray(i, i + 3).join(' ')
      expected[key] = (expected[key] ?? 0) + 1
    }
    expect(spelled(trie, 3)).toEqual(expected)
    const before: Record<string, Set<number>> = {}
    for (let i = 1; i + 2 <= ids.length; i++) (before[ids.subarray(i, i + 2).join(' ')] ??= new Set()).add(ids[i - 1]!)
    const sizes = Object.fromEntries(Object.entries(before).map(([key, tokens]) => [key, tokens.size]))
    // The first two tokens of the text may occur nowhere else: then nothing is before them.
    const first = ids.subarray(0, 2).join(' ')
    expect(spelled(trie, 2)).toEqual({ ...sizes, [first]: sizes[first] ?? 0 })
  })
})
