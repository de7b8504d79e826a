import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitExamples } from './split-examples.ts'

const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)
const sizes = (n: number, validation: number, test: number) => {
  const split = splitExamples(numbers(n), { validation, test, seed: 1 })
  return [split.train.length, split.validation.length, split.test.length]
}

describe('splitExamples', () => {
  it('puts each example into exactly one part, in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 300 }),
        fc.double({ min: 0, max: 0.49, noNaN: true }),
        fc.nat(),
        (n, part, seed) => {
          const { train, validation, test } = splitExamples(numbers(n), { validation: part, test: part, seed })
          expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(numbers(n))
          for (const list of [train, validation, test]) expect(list).toEqual([...list].sort((a, b) => a - b))
          expect(train.length).toBeGreaterThan(0)
        },
      ),
    )
  })

  it('rounds sizes to the nearest whole number, at least one where a part is asked for', () => {
    expect(sizes(100, 0.1, 0.2)).toEqual([70, 10, 20])
    expect(sizes(100, 0.29, 0.57)).toEqual([14, 29, 57])
    expect(sizes(10, 0.01, 0)).toEqual([9, 1, 0])
    expect(sizes(3, 0.45, 0.45)).toEqual([1, 1, 1])
    expect(sizes(4, 0.45, 0.45)).toEqual([1, 1, 2])
    expect(sizes(2, 0, 0.9)).toEqual([1, 0, 1])
    expect(sizes(0, 0, 0)).toEqual([0, 0, 0])
  })

  it('takes numbers of examples as well', () => {
    expect(sizes(100, 7, 0.1)).toEqual([83, 7, 10])
    expect(sizes(3, 1, 1)).toEqual([1, 1, 1])
  })

  it('gives the same split for the same seed and another for another', () => {
    const split = (seed: number) => splitExamples(numbers(50), { test: 0.3, seed }).test
    expect(split(4)).toEqual(split(4))
    expect(split(4)).not.toEqual(split(5))
  })

  it('leaves the test part as it is when the validation part changes', () => {
    const split = (validation: number) => splitExamples(numbers(50), { validation, test: 0.2, seed: 3 }).test
    expect(split(0.4)).toEqual(split(0))
  })

  it('draws every example with about the same chance', () => {
    const drawn = new Float64Array(20)
    for (let seed = 0; seed < 2000; seed++)
      for (const i of splitExamples(numbers(20), { test: 0.25, seed }).test) drawn[i]!++
    // 500 expected, standard deviation 19.4.
    for (const count of drawn) expect(Math.abs(count - 500)).toBeLessThan(5 * 19.4)
  })

  it('keeps a group in one part, near the sizes asked for', () => {
    const pairs = numbers(1000).map((i) => ({ source: `s${Math.floor(i / 4)}`, i }))
    const { train, validation, test } = splitExamples(pairs, {
      validation: 0.1,
      test: 0.1,
      seed: 2,
      groupBy: (pair) => pair.source,
    })
    const keys = [train, validation, test].map((part) => new Set(part.map(({ source }) => source)))
    expect(keys[0]!.size + keys[1]!.size + keys[2]!.size).toBe(250)
    expect([train.length, validation.length, test.length]).toEqual([800, 100, 100])
  })

  it('puts groups of any size whole into one part', () => {
    const groups = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 60, maxLength: 200 })
    fc.assert(
      fc.property(groups, fc.nat(), (keys, seed) => {
        fc.pre(new Set(keys).size > 20)
        const { train, validation, test } = splitExamples(keys, {
          validation: 0.2,
          test: 0.2,
          seed,
          groupBy: (key) => key,
        })
        const sets = [train, validation, test].map((part) => new Set(part))
        expect(sets[0]!.size + sets[1]!.size + sets[2]!.size).toBe(new Set(keys).size)
        expect(train.length + validation.length + test.length).toBe(keys.length)
      }),
    )
  })

  it('refuses sizes that leave nothing to train on', () => {
    expect(() => sizes(10, 0.5, 0.5)).toThrow(
      'splitExamples: expected more than 10 examples for 5 in validation, 5 in test and the rest in train, got 10. Hold out less or add examples.',
    )
    expect(() => sizes(2, 0.1, 0.1)).toThrow('expected more than 2 examples')
    expect(() => sizes(5, 5, 0)).toThrow('expected more than 5 examples')
    expect(() => sizes(0, 0.1, 0)).toThrow('got 0.')
    expect(() => sizes(5, 1.5, 0)).toThrow('expected validation to be a fraction below 1 or a whole number, got 1.5.')
    expect(() => sizes(5, 0, -0.1)).toThrow('expected test to be a fraction')
  })

  it('refuses groups too large for a part', () => {
    const split = () => splitExamples(numbers(100), { test: 0.1, seed: 1, groupBy: (i) => i % 2 })
    expect(split).toThrow('expected groups that fit a test part of 10, got 2 groups of up to 50 of 100 examples.')
  })
})
