import { describe, expect, it } from 'vitest'
import { countNgrams, overlap, trimEnd, words } from './words.ts'

describe('words', () => {
  it('splits at white space as Python does', () => {
    expect(words('  a b\tc\u3000d\x1ce\x85f ')).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(words('a\uFEFFb\u200Bc')).toEqual(['a\uFEFFb\u200Bc'])
    expect(words(' ')).toEqual([])
  })

  it('trims the end only', () => {
    expect(trimEnd(' a b\x85\n')).toBe(' a b')
    expect(trimEnd(' \u3000')).toBe('')
  })

  it('trims in time that is linear in the text', () => {
    const text = `${' '.repeat(1_000_000)}a`
    const start = process.cpuUsage()
    expect(trimEnd(text)).toBe(text)
    expect(words(text)).toEqual(['a'])
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000)
  })
})

describe('countNgrams', () => {
  it('counts the n-grams and their overlap', () => {
    const a = countNgrams(['x', 'y', 'x', 'y', 'x'], 2)
    expect([...a]).toEqual([
      ['x y', 2],
      ['y x', 2],
    ])
    expect(countNgrams(['x'], 2).size).toBe(0)
    expect(overlap(a, countNgrams(['x', 'y', 'x', 'z'], 2))).toBe(2)
  })
})
