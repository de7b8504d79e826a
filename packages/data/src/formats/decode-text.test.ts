import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, invalidUtf8Offset } from './decode-text.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('decodeText', () => {
  it('decodes bytes and leaves strings as they are', () => {
    expect(decodeText(utf8('나는 🐈'))).toBe('나는 🐈')
    expect(decodeText('나는 🐈')).toBe('나는 🐈')
  })

  it('drops one byte order mark from bytes and from strings', () => {
    expect(decodeText(utf8('\uFEFFa'))).toBe('a')
    expect(decodeText('\uFEFFa')).toBe('a')
  })

  it('names the file, the line and the byte offset of the first invalid byte', () => {
    const bytes = Uint8Array.of(...utf8('가\nb'), 0xff, 0x61)
    expect(() => decodeText(bytes, 'a.txt')).toThrow(
      'a.txt:2: expected UTF-8, got an invalid byte 0xff at byte offset 5.',
    )
  })

  it('decodes UTF-16 by its byte order mark', () => {
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x98, 0xb0))).toBe('a나')
    expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x61, 0xb0, 0x98))).toBe('a나')
    expect(() => decodeText(Uint8Array.of(0xff, 0xfe, 0, 0xd8), 'a.txt')).toThrow('a.txt: expected UTF-16')
  })

  it('names gzip as such', () => {
    expect(() => decodeText(Uint8Array.of(0x1f, 0x8b, 8, 0), 'a.tsv.gz')).toThrow('a.tsv.gz: expected UTF-8, got gzip')
  })
})

describe('invalidUtf8Offset', () => {
  it.each([
    ['a continuation byte without a lead', [0x61, 0x80], 1],
    ['an overlong form of two bytes', [0xc0, 0x80], 0],
    ['an overlong form of three bytes', [0xe0, 0x80, 0x80], 0],
    ['an overlong form of four bytes', [0xf0, 0x80, 0x80, 0x80], 0],
    ['a surrogate', [0x61, 0x62, 0xed, 0xa0, 0x80], 2],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a sequence cut off by the end', [0x61, 0xea, 0xb0], 1],
    ['a sequence cut off by a letter', [0xf0, 0x9f, 0x90, 0x61], 0],
  ])('finds %s', (_, bytes, offset) => {
    expect(invalidUtf8Offset(Uint8Array.from(bytes))).toBe(offset)
  })

  it('agrees with TextDecoder on which byte strings are valid', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const interesting = fc.constantFrom(0x41, 0x80, 0x9f, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xea, 0xf0, 0xf4, 0x90, 0x8f)
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 8 }), (list) => {
        const bytes = Uint8Array.from(list)
        let valid = true
        try {
          decoder.decode(bytes)
        } catch {
          valid = false
        }
        expect(invalidUtf8Offset(bytes) === -1).toBe(valid)
      }),
      { numRuns: 2000 },
    )
  })
})
