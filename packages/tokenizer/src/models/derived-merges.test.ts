import { expect, it } from 'vitest'
import { derivedMerges } from './derived-merges.ts'

it('finds every way to split a token into two others', () => {
  const tokens = ['a', 'b', 'ab', 'ba', undefined, 'aba', 'x']
  expect(derivedMerges(tokens, (a, b) => a - b).flat).toEqual(['a', 'b', 'b', 'a', 'a', 'ba', 'ab', 'a'])
  expect(derivedMerges(tokens, (a, b) => b - a).flat.slice(0, 2)).toEqual(['a', 'ba'])
})

// Garbage collection can fall into one measurement; quadratic time fails every one of them.
it('takes time in proportion to the length of a token', { retry: 5 }, () => {
  const time = (length: number) => {
    const start = process.cpuUsage()
    expect(derivedMerges(['a', 'b'.repeat(length), `a${'b'.repeat(length)}`], (a, b) => a - b).flat).toHaveLength(2)
    return process.cpuUsage(start).user / 1000
  }
  time(10_000)
  expect(time(160_000)).toBeLessThan(16 * 10 * Math.max(8, time(10_000)))
})
