import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TokenMatcher } from './token-matcher.ts'

const string = fc.string({ unit: fc.constantFrom('<', 'a', '>', '\u013c'), maxLength: 12 })

it('finds the leftmost and longest pattern', () => {
  const pattern = fc
    .oneof(
      string,
      string.map((rest) => `<${rest}`),
    )
    .filter((text) => text !== '')
  const patterns = fc.oneof(
    fc.array(pattern, { maxLength: 4 }),
    fc.array(
      string.map((rest) => `<${rest}`),
      { maxLength: 4 },
    ),
  )
  fc.assert(
    fc.property(patterns, string, fc.nat(12), (patterns, text, from) => {
      const all = patterns.flatMap((pattern, i) => {
        const start = text.indexOf(pattern, from)
        return start < 0 ? [] : [{ pattern: patterns.indexOf(pattern), start, end: start + pattern.length, i }]
      })
      all.sort((a, b) => a.start - b.start || b.end - a.end || a.i - b.i)
      const [best] = all
      const expected = best && { pattern: best.pattern, start: best.start, end: best.end }
      expect(new TokenMatcher(patterns).find(text, Math.min(from, text.length))).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})
