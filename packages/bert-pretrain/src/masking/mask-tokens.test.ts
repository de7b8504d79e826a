import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { maskRateAt } from './mask-rate.ts'
import { type MaskingVocabulary, maskTokens } from './mask-tokens.ts'

const [PAD, CLS, SEP, MASK] = [0, 1, 2, 3]
const VOCAB_SIZE = 1000
const vocabulary: MaskingVocabulary = {
  maskId: MASK!,
  replacements: Array.from({ length: VOCAB_SIZE - 4 }, (_, i) => i + 4),
  isSpecial: (id) => id < 4,
  isContinuation: (id) => id >= 4 && id % 3 === 0,
}

/** Three standard errors of a share. */
const bound = (share: number, n: number) => 3 * Math.sqrt((share * (1 - share)) / n)

describe.each([false, true])('maskTokens, whole words %s', (wholeWord) => {
  it.each([0.15])('keeps the shares of the paper over a million tokens at rate %d', (rate) => {
    const rng = new RandomStream(7)
    let [all, chosen, masked, random, kept] = [0, 0, 0, 0, 0]
    while (all < 1_000_000) {
      const length = 5 + rng.integer(124)
      const padding = rng.integer(4)
      const words = Array.from({ length }, () => 4 + rng.integer(VOCAB_SIZE - 4))
      const row = Int32Array.from([CLS!, ...words, SEP!, ...Array<number>(padding).fill(PAD!)])
      const { ids, positions, labels } = maskTokens(row, vocabulary, { rate, wholeWord }, rng)
      all += length
      chosen += positions.length
      for (const [i, at] of positions.entries()) {
        expect(at >= 1 && at <= length && labels[i] === row[at]).toBe(true)
        if (ids[at] === MASK) masked++
        else if (ids[at] === row[at]) kept++
        else random++
      }
      const isChosen = new Set(positions)
      for (const [at, id] of row.entries()) if (!isChosen.has(at) && ids[at] !== id) throw new Error('changed unchosen')
    }
    expect(Math.abs(chosen / all - rate)).toBeLessThan(bound(rate, all))
    expect(Math.abs(masked / chosen - 0.8)).toBeLessThan(bound(0.8, chosen))
    // A random token is by chance the same in one of 996 cases.
    expect(Math.abs(random / chosen - 0.1)).toBeLessThan(bound(0.1, chosen) + 0.1 / 996)
    expect(Math.abs(kept / chosen - 0.1)).toBeLessThan(bound(0.1, chosen) + 0.1 / 996)
  })
})

it('chooses whole words', () => {
  const rng = new RandomStream(1)
  // 4 | 5 6 9 | 7 | 8 12: continuations are those that 3 divides
  const row = Int32Array.from([CLS!, 4, 5, 6, 9, 7, 8, 12, SEP!])
  for (let i = 0; i < 200; i++) {
    const chosen = new Set(maskTokens(row, vocabulary, { rate: 0.4, wholeWord: true }, rng).positions)
    expect([chosen.has(2), chosen.has(2)]).toEqual([chosen.has(3), chosen.has(4)])
    expect(chosen.has(6)).toBe(chosen.has(7))
  }
})

it('lets the rate fall in a straight line', () => {
  const rate = { from: 0.3, to: 0.15 }
  expect([0, 50, 100, 200].map((step) => maskRateAt(rate, step, 101))).toEqual([0.3, expect.closeTo(0.225), 0.15, 0.15])
  expect(maskRateAt(0.15, 3, 10)).toBe(0.15)
})
