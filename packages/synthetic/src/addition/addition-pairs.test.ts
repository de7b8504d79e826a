import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { additionPairs, countCarries } from './addition-pairs.ts'

describe('additionPairs', () => {
  const pairs = additionPairs(600, new RandomStream(1), { shortest: 2, longest: 4 })
  const numbersOf = (source: string) => source.split('+').map(Number) as [number, number]

  it('adds, from either end', () => {
    for (const { source, target } of pairs) {
      const [a, b] = numbersOf(source)
      expect(target).toBe(`${a + b}`)
    }
    const fromLast = (number: string) => Number([...number].reverse().join(''))
    for (const { source, target } of additionPairs(50, new RandomStream(2), { reversed: 'result' })) {
      const [a, b] = numbersOf(source)
      expect(fromLast(target)).toBe(a + b)
    }
    for (const { source, target } of additionPairs(50, new RandomStream(2), { reversed: 'all' })) {
      const [a, b] = source.split('+').map(fromLast) as [number, number]
      expect(fromLast(target)).toBe(a + b)
    }
  })

  it('has numbers without leading zeros, of the lengths asked for, and no sum twice', () => {
    expect(new Set(pairs.map(({ source }) => source)).size).toBe(600)
    const longer = pairs.map(({ source }) => Math.max(...source.split('+').map((number) => number.length)))
    expect(new Set(longer)).toEqual(new Set([2, 3, 4]))
    expect(pairs.every(({ source }) => /^[1-9]\d*\+[1-9]\d*$/.test(source))).toBe(true)
  })

  it('has all numbers of carries', () => {
    const long = additionPairs(500, new RandomStream(3), { shortest: 4, longest: 4 })
    const shares = [0, 1, 2, 3, 4].map(
      (carries) => long.filter(({ source }) => countCarries(source) === carries).length / long.length,
    )
    for (const share of shares) expect(share).toBeGreaterThan(0.08)
  })

  it('counts carries, through places of one number alone', () => {
    expect(['12+34', '58+7', '999+1', '5+5', '95+15'].map((sum) => countCarries(sum))).toEqual([0, 1, 3, 1, 2])
    expect(countCarries('85+7', true)).toBe(1)
  })

  it('adds numbers of any length', () => {
    const [pair] = additionPairs(1, new RandomStream(4), { shortest: 30, longest: 30 })
    const [a, b] = pair!.source.split('+').map(BigInt) as [bigint, bigint]
    expect(pair!.target).toBe((a + b).toString())
  })
})
