import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { distinctPairs } from './distinct-pairs.ts'

const patterns = [
  { weight: 3, draw: (rng: RandomStream) => ({ source: `a${rng.integer(40)}`, target: 'a' }) },
  { weight: 1, draw: (rng: RandomStream) => ({ source: `b${rng.integer(40)}`, target: 'b' }) },
]

it('draws each source once, each pattern by its weight', () => {
  const pairs = distinctPairs('letters', patterns, 20, new RandomStream(1))
  expect(new Set(pairs.map(({ source }) => source)).size).toBe(20)
  expect(pairs.filter(({ target }) => target === 'a').length).toBeGreaterThan(10)
  expect(distinctPairs('letters', patterns, 80, new RandomStream(1))).toHaveLength(80)
})

it('reports a count that the patterns cannot reach', () => {
  expect(() => distinctPairs('letters', patterns, 81, new RandomStream(1))).toThrow(
    'letters: expected a count that the generator can reach (about 80), got 81. Lower it.',
  )
})
