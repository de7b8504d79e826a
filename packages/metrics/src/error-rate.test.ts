import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { characterErrorRate, wordErrorRate } from './error-rate.ts'

describe('wordErrorRate', () => {
  it('has the counts of the example in the documentation of jiwer', () => {
    const { rate, ...counts } = wordErrorRate(
      ['shoe order one', 'quite bit of an even longest sentence here'],
      ['short one here', 'quite a bit of longer sentence'],
    )
    expect(counts).toEqual({ hits: 5, substitutions: 2, deletions: 2, insertions: 4 })
    expect(rate).toBeCloseTo(8 / 9, 12)
  })

  it('counts each kind of error', () => {
    expect(wordErrorRate(['a x c'], ['a b c'])).toMatchObject({
      hits: 2,
      substitutions: 1,
      deletions: 0,
      insertions: 0,
    })
    expect(wordErrorRate(['a c'], ['a b c'])).toMatchObject({ hits: 2, substitutions: 0, deletions: 1, insertions: 0 })
    expect(wordErrorRate(['a b b c'], ['a b c'])).toMatchObject({
      hits: 3,
      substitutions: 0,
      deletions: 0,
      insertions: 1,
    })
    expect(wordErrorRate(['', 'a b c'], ['a', 'a'])).toEqual({
      rate: 1.5,
      hits: 1,
      substitutions: 0,
      deletions: 1,
      insertions: 2,
    })
  })

  it('is 0 for equal texts, and its counts always add up', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((list) => list.join(' '))
    fc.assert(
      fc.property(text, text, (prediction, reference) => {
        fc.pre(reference !== '')
        expect(wordErrorRate([reference], [reference]).rate).toBe(0)
        const { rate, hits, substitutions, deletions, insertions } = wordErrorRate([prediction], [reference])
        const [N, M] = [reference.split(' ').length, prediction === '' ? 0 : prediction.split(' ').length]
        expect(hits + substitutions + deletions).toBe(N)
        expect(hits + substitutions + insertions).toBe(M)
        expect(Math.min(hits, substitutions, deletions, insertions)).toBeGreaterThanOrEqual(0)
        expect(rate).toBeCloseTo((substitutions + deletions + insertions) / N, 12)
        expect(rate * N).toBeGreaterThanOrEqual(Math.abs(N - M))
      }),
    )
  })

  it('is not defined without a word in the references', () => {
    expect(() => wordErrorRate(['a'], [' '])).toThrow(
      'wordErrorRate: expected references with text, got empty ones only.',
    )
  })
})

describe('characterErrorRate', () => {
  it('counts code points, spaces between words included', () => {
    expect(characterErrorRate(['나는간다'], ['나는 간다'])).toEqual({
      rate: 1 / 5,
      hits: 4,
      substitutions: 0,
      deletions: 1,
      insertions: 0,
    })
    expect(characterErrorRate([' 🐈'], ['🐕 '])).toMatchObject({ rate: 1, substitutions: 1 })
  })
})
