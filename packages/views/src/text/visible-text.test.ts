import { describe, expect, it } from 'vitest'
import { visibleData, visibleText } from './visible-text.ts'

describe('visibleText', () => {
  it.each([
    ['\x1b[2Jgone', '␛[2Jgone'],
    ['a\rb\0', 'a␍b␀'],
    ['\x7f\x9b31m', '␡‹U+009B›31m'],
    ['invoice\u202etxt.exe', 'invoice‹U+202E›txt.exe'],
    ['\u2066a\u2069\u200f', '‹U+2066›a‹U+2069›‹U+200F›'],
  ])('shows the control characters of %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })

  it('keeps line breaks, tabs, letters of every script and joined emoji', () => {
    const text = 'a\tb\nשלום 나는 👩‍👩‍👧'
    expect(visibleText(text)).toBe(text)
  })
})

describe('visibleData', () => {
  it('reaches every string, keys included, and leaves numbers', () => {
    const pixels = [0, 1]
    const shown = visibleData({ '\x1b': ['\x07', { a: '\x1b' }], pixels, none: null })
    expect(shown).toEqual({ '␛': ['␇', { a: '␛' }], pixels, none: null })
    expect(shown.pixels).toBe(pixels)
  })
})
