import { describe, expect, it } from 'vitest'
import { accuracy } from './accuracy.ts'

describe('accuracy', () => {
  it('is the share of equal labels or texts', () => {
    expect(accuracy([1, 2, 3, 4], [1, 2, 0, 4])).toBe(0.75)
    expect(accuracy(Int32Array.of(1, 0), Int32Array.of(1, 1))).toBe(0.5)
    expect(accuracy(['나는 간다', 'b'], ['나는 간다', 'B'])).toBe(0.5)
  })

  it('leaves out what is to be ignored', () => {
    expect(accuracy([1, 7, 7], [1, 0, 7], { ignore: 0 })).toBe(1)
    expect(() => accuracy([1], [0], { ignore: 0 })).toThrow('accuracy: expected references other than 0, got none.')
  })

  it('refuses lists of unequal length', () => {
    expect(() => accuracy([1], [1, 2])).toThrow('accuracy: expected as many predictions as references, got 1 and 2.')
  })
})
