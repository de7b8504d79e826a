import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { pythonDescriptions } from './python-descriptions.ts'
import { ordinal } from './python-parts.ts'

describe('pythonDescriptions', () => {
  const pairs = pythonDescriptions(8000, new RandomStream(1))

  it('closes every bracket and quote', () => {
    for (const { target } of pairs) {
      const bare = target.replaceAll(/'[^']*'/g, "''")
      expect(bare.match(/'/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0)
      for (const [open, close] of ['()', '[]', '{}']) expect(bare.split(open!).length).toBe(bare.split(close!).length)
    }
  })

  it('carries over every number, counted from 0 where Python does', () => {
    for (const { source, target } of pairs) {
      if (/numbers from|from index|half|double|square|cube|even|odd/.test(source)) continue
      for (const number of source.match(/(?<!\w)\d+/g) ?? [])
        expect(target).toMatch(new RegExp(`(?<!\\d)${number}(?!\\d)`))
    }
    const byText = new Map(pairs.map(({ source, target }) => [source, target]))
    for (const [source, target] of byText) {
      const end = /^print the numbers from 1 to (\d+)$/.exec(source)?.[1]
      if (end !== undefined) expect(target).toBe(`for i in range(1, ${Number(end) + 1}): print(i)`)
    }
  })

  it('has one line for a description', () => {
    const other = new Map(pythonDescriptions(8000, new RandomStream(2)).map(({ source, target }) => [source, target]))
    const both = pairs.filter(({ source }) => other.has(source))
    expect(both.length).toBeGreaterThan(100)
    for (const { source, target } of both) expect(other.get(source)).toBe(target)
  })

  it('counts in words as people do', () => {
    expect([2, 3, 4, 11, 12, 13, 20].map(ordinal)).toEqual(['2nd', '3rd', '4th', '11th', '12th', '13th', '20th'])
  })
})
