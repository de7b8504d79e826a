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

  it('takes numbers of characters, and holds nothing out where that is 0', () => {
    const text = ['😀bcdefghij']
    const split = (validation: number, test: number) => splitText(text, { ...options, validation, test })
    expect(split(3, 2)).toEqual({ train: ['😀bcde'], validation: ['fgh'], test: ['ij'] })
    expect(split(3, 0.2)).toEqual(split(3, 2))
    expect(split(0.3, 2)).toEqual(split(3, 2))
    expect(split(0, 2)).toEqual({ train: ['😀bcdefgh'], validation: [], test: ['ij'] })
    expect(split(0, 0)).toEqual({ train: text, validation: [], test: [] })
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
      'char-lm: expected at least 3 characters for training and for validation, got 9 in all, of which 6 are for training and 2 for validation.',
    )
    expect(() => splitText(['abcdefghij'], { ...options, validation: 20 })).toThrow('0 are for training and 20')
    expect(() => splitText(['ab'], { ...options, validation: 0, test: 0, least: 3 })).toThrow(
      'characters for training, got 2',
    )
  })
})
