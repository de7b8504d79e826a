import { describe, expect, it } from 'vitest'
import { textProperties } from './text-properties.ts'

const characters = (text: string) => [...text].map((each) => ({ text: each, gap: '' }))
const words = (text: string) => text.split(' ').map((each, i) => ({ text: each, gap: i === 0 ? '' : ' ' }))

/** The values of a property, a digit for each token. */
function valuesOf(name: string, tokens: ReturnType<typeof characters>): string | undefined {
  const property = textProperties(tokens).find((each) => each.name === name)
  return property && [...property.values].join('')
}

describe('textProperties', () => {
  it.each([
    ['inside quotes', 'a "bc" d', '00011000'],
    ['inside quotes', '“ab” c', '011000'],
    ['inside brackets', 'a (b [c]) d', '00011111000'],
    ['position in line', 'ab\ncd', '01201'],
    ['position in word', 'ab, cde', '0120012'],
    ['first letter of a word', 'ab cd', '10010'],
    ['last letter of a word', 'ab cd', '01001'],
    ['vowel', 'Aéb y', '11000'],
    ['capital letter', 'aBÉ', '011'],
    ['digit', 'a10', '011'],
    ['space', 'a b\n', '0100'],
    ['end of a line', 'a b\n', '0001'],
    ['punctuation', 'a, b.', '01001'],
  ])('knows of each character: %s', (name, text, expected) => {
    expect(valuesOf(name, characters(text))).toBe(expected)
  })

  it.each([
    ['inside quotes', '" I know " he said', '011000'],
    ['first word', 'He was sick .', '1000'],
    ['word length', 'He was sick .', '2341'],
    ['capital letter', 'He saw Minsu', '101'],
    ['number', 'in 1999 too', '010'],
    ['punctuation', 'no , yes', '010'],
  ])('knows of each word: %s', (name, text, expected) => {
    expect(valuesOf(name, words(text))).toBe(expected)
  })

  it('leaves out what is the same everywhere', () => {
    const names = textProperties(characters('abc')).map(({ name }) => name)
    expect(names).toContain('vowel')
    for (const name of ['digit', 'space', 'inside quotes', 'end of a line']) expect(names).not.toContain(name)
  })
})
