import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { copyPairs, reversePairs, sortPairs } from './letter-sequences.ts'

describe('sequences of letters', () => {
  it('copy, reverse and sort', () => {
    for (const { source, target } of copyPairs(50, new RandomStream(1))) expect(target).toBe(source)
    for (const { source, target } of reversePairs(50, new RandomStream(1))) {
      expect([...target].toReversed().join('')).toBe(source)
    }
    for (const { source, target } of sortPairs(50, new RandomStream(1))) {
      expect([...target].every((letter, i) => i === 0 || target[i - 1]! <= letter)).toBe(true)
      expect([...target].sort()).toEqual([...source].sort())
    }
  })

  it('are distinct, of all lengths in the range, and of the letters asked for', () => {
    const sources = copyPairs(400, new RandomStream(2), { shortest: 4, longest: 7, letters: 3 }).map(
      ({ source }) => source,
    )
    expect(new Set(sources).size).toBe(400)
    expect(new Set(sources.map(({ length }) => length))).toEqual(new Set([4, 5, 6, 7]))
    expect(sources.every((source) => /^[abc]+$/.test(source))).toBe(true)
  })

  it('refuse a range without lengths, and more than there are', () => {
    expect(() => copyPairs(1, new RandomStream(1), { shortest: 5, longest: 4 })).toThrow(
      'copyPairs: expected a longest length that is an integer of at least 5, got 4',
    )
    expect(() => sortPairs(9, new RandomStream(1), { longest: 2, letters: 2 })).toThrow(/about 6\), got 9/)
  })
})
