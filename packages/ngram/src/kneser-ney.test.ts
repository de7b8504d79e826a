import { describe, expect, it } from 'vitest'
import { estimateDiscounts } from './kneser-ney.ts'

const counts = (...numbers: number[]) => numbers.flatMap((n, i) => Array<number>(n).fill(i + 1))

describe('estimateDiscounts', () => {
  it('follows equation 17 of Chen & Goodman', () => {
    const { values, estimated } = estimateDiscounts(counts(100, 40, 20, 10, 7))
    expect(estimated).toBe(true)
    // Y = 100 / 180 = 5/9.
    expect(values[0]).toBeCloseTo(1 - (2 * 5 * 40) / (9 * 100), 12)
    expect(values[1]).toBeCloseTo(2 - (3 * 5 * 20) / (9 * 40), 12)
    expect(values[2]).toBeCloseTo(3 - (4 * 5 * 10) / (9 * 20), 12)
  })

  it('falls back where a count does not occur or a discount is out of range', () => {
    const fallback = { values: [0.5, 1, 1.5], estimated: false }
    expect(estimateDiscounts([])).toEqual(fallback)
    expect(estimateDiscounts(counts(5, 0, 3, 1))).toEqual(fallback)
    expect(estimateDiscounts(counts(0, 5, 3, 1))).toEqual(fallback)
    // D2 = 2 - 3 · (1/3) · 10 < 0.
    expect(estimateDiscounts(counts(5, 5, 50, 10))).toEqual(fallback)
  })
})
