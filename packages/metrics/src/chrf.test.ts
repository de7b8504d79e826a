import { describe, expect, it } from 'vitest'
import { chrf } from './chrf.ts'

describe('chrf', () => {
  it('weighs recall four times as much as precision', () => {
    // Unigrams only: precision 1, recall 1/2: 5 · 0.5 / (4 + 0.5).
    expect(chrf(['ab'], ['abcd'], { charOrder: 1 })).toBeCloseTo((100 * 2.5) / 4.5, 12)
    expect(chrf(['abcd'], ['ab'], { charOrder: 1 })).toBeCloseTo((100 * 2.5) / 3, 12)
  })

  it('is 100 for the reference, 0 without a character in common, and takes the best of several references', () => {
    expect(chrf(['나는 학교에 간다'], ['나는 학교에 간다'])).toBeCloseTo(100, 12)
    expect(chrf(['가'], ['나'])).toBe(0)
    expect(chrf(['나는 간다'], [['너는 온다', '나는 간다']])).toBeCloseTo(100, 12)
  })

  it('ignores white space unless told otherwise', () => {
    expect(chrf(['a b c'], ['abc'])).toBeCloseTo(100, 12)
    expect(chrf(['a b c'], ['abc'], { whitespace: true })).toBeLessThan(70)
  })

  it('refuses orders that leave nothing to count', () => {
    expect(() => chrf(['a'], ['a'], { charOrder: 0 })).toThrow(
      'chrf: expected orders of at least 0 and not both 0, got 0 and 0.',
    )
  })
})
