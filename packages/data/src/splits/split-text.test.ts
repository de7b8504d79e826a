import { describe, expect, it } from 'vitest'
import { splitText } from './split-text.ts'

const options = { where: 'char-lm', validation: 0.2, test: 0.1, least: 1 }

describe('splitText', () => {
  it('holds out the end of the joined texts', () => {
    expect(splitText(['abcd', 'efghi'], options)).toEqual({ train: ['abcd\nef'], validation: ['gh'], test: ['i'] })
    expect(splitText(['abcdefghij'], { ...options, test: 0 })).toEqual({
      train: ['abcdefgh'],
      validation: ['ij'],
      test: [],
    })
  })

  it('counts code points and leaves surrogate pairs whole', () => {
    const { train, validation, test } = splitText(['😀'.repeat(10)], options)
    expect([train[0], validation[0], test[0]]).toEqual(['😀'.repeat(7), '😀😀', '😀'])
    for (let before = 0; before < 8; before++) {
      const parts = splitText(['a'.repeat(before) + '😀b가𝄞'.repeat(9)], options)
      for (const [part] of Object.values(parts)) expect(part).not.toMatch(/\p{Surrogate}/u)
    }
  })

  it('refuses a text that is too short', () => {
    expect(() => splitText(['😀'.repeat(9)], { ...options, least: 3 })).toThrow(
      'char-lm: expected a text of at least 15 characters, got 9. Use a longer text.',
    )
  })
})
