import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { capitalised, distinctPairs } from './distinct-pairs.ts'

const patterns = [
  { weight: 3, draw: (rng: RandomStream) => ({ source: `a${rng.integer(40)}`, target: 'a' }) },
  { weight: 1, draw: (rng: RandomStream) => ({ source: `b${rng.integer(40)}`, target: 'b' }) },
]

it('draws each source once, each kind by its weight', () => {
  const pairs = distinctPairs(patterns, 20, new RandomStream(1))
  expect(new Set(pairs.map(({ source }) => source)).size).toBe(20)
  expect(pairs.filter(({ target }) => target === 'a').length).toBeGreaterThan(10)
  expect(distinctPairs(patterns, 80, new RandomStream(1))).toHaveLength(80)
})

it('says when there are not that many', () => {
  expect(() => distinctPairs(patterns, 81, new RandomStream(1))).toThrow(
    'pairs: expected a number that the built-in data can reach (80 or so), got 81. Lower it.',
  )
})

it('starts texts with a capital', () => expect(capitalised('été')).toBe('Été'))
