import { describe, expect, it } from 'vitest'
import { exactMatch } from './exact-match.ts'

describe('exactMatch', () => {
  it('ignores white space and how characters are composed', () => {
    expect(exactMatch(['a  b ', 'caf\u00e9'], ['a b', 'cafe\u0301'])).toBe(1)
    expect(exactMatch(['a b', 'c'], ['a b', 'd'])).toBe(0.5)
  })

  it('accepts any reference of the same input', () => {
    expect(exactMatch(['ja', 'ja', 'ja'], ['ja', 'jawohl', 'nein'], ['yes', 'yes', 'no'])).toBeCloseTo(2 / 3, 10)
    expect(exactMatch(['ja', 'ja'], ['ja', 'jawohl'])).toBe(0.5)
  })
})
