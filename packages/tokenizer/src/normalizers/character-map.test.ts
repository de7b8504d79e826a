import fc from 'fast-check'
import { expect, it } from 'vitest'
import { AlignedText } from '../text/aligned-text.ts'
import { CharacterMap } from './character-map.ts'

const text = fc.string({
  unit: fc.constantFrom('a', 'B', 'Z', ' ', 'Σ', 'σ', 'İ', 'É', '가', '漢', '😀', '𐐀', '\ud800'),
  maxLength: 12,
})

const maps: Record<string, (character: string) => string> = {
  'lower case': (c) => (c === 'Σ' ? 'σ' : c.toLowerCase()),
  'lower case of some': (c) => (c === 'B' ? 'b' : c),
  'upper case': (c) => c.toUpperCase(),
  'spaces and lower case': (c) => (c === '漢' ? ' 漢 ' : c === ' ' ? '' : c === 'Σ' ? c : c.toLowerCase()),
}

for (const [name, map] of Object.entries(maps)) {
  it(`replaces each character on its own: ${name}`, () => {
    const characters = new CharacterMap(map)
    fc.assert(
      fc.property(text, (input) => {
        const result = characters.apply(AlignedText.of(input))
        expect(result.text).toBe(Array.from(input, map).join(''))
        let at = 0
        let from = 0
        for (const character of input) {
          const end = at + map(character).length
          if (at < end) expect(result.originalRange(at, end)).toEqual([from, from + character.length])
          at = end
          from += character.length
        }
      }),
    )
  })
}
