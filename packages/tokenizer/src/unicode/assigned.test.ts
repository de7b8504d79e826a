import { expect, it } from 'vitest'
import { AlignedText, normalizers, PreTokens, preTokenizers } from '../index.ts'
import { isAssigned } from './assigned.ts'

it('knows the characters of Unicode 16 and none that came later, whatever the engine knows', () => {
  // Assigned in 1.1, 14, 15, 16; assigned in 17; never assigned; the last one.
  for (const code of [0x41, 0xac00, 0x1f600, 0x10570, 0x1fae8, 0x10d40, 0xa7cb, 0x10ffff - 2])
    expect(isAssigned(code)).toBe(true)
  for (const code of [0xa7ce, 0x16ea0, 0x11de0, 0x378, 0x10ffff]) expect(isAssigned(code)).toBe(false)
})

it('treats later characters as unassigned in all parts alike', () => {
  // U+16EA0 and U+11DE0 are a capital letter and a digit of Unicode 17.
  const text = AlignedText.of('\u{16ea0}A\u{11de0}')
  expect(new normalizers.Lowercase().normalize(text).text).toBe('\u{16ea0}a\u{11de0}')
  for (const form of [new normalizers.NFC(), new normalizers.NFKD()]) expect(form.normalize(text).text).toBe(text.text)
  const split = (part: { preTokenize(preTokens: PreTokens): PreTokens }) =>
    part.preTokenize(PreTokens.whole(text)).toArray()
  expect(split(new preTokenizers.Digits())).toEqual(['\u{16ea0}A\u{11de0}'])
  expect(split(new preTokenizers.ByteLevel({ addPrefixSpace: false })).length).toBe(3)
  const pattern = { regex: '\\p{L}+|\\p{N}+|\\w+' }
  expect(split(new preTokenizers.Split({ pattern, behavior: 'Removed', invert: true }))).toEqual(['A'])
})
