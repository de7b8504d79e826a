import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlignedText } from '../text/aligned-text.ts'
import { NFC, NFD, NFKC, NFKD } from './unicode-forms.ts'

/** Each character of the normalized text with the part of the original that it stands for. */
function aligned(normalizer: NFC, text: string): [string, string][] {
  const result = normalizer.normalize(AlignedText.of(text))
  let at = 0
  return [...result.text].map((character) => {
    const [start, end] = result.originalRange(at, (at += character.length))
    return [character, text.slice(start, end)]
  })
}

describe('Unicode forms', () => {
  it('composes Hangul jamo into syllables, and takes syllables apart', () => {
    expect(aligned(new NFC(), '\u1112\u1161\u11ab글')).toEqual([
      ['한', '\u1112'],
      ['글', '글'],
    ])
    expect(aligned(new NFD(), '한')).toEqual([
      ['\u1112', '한'],
      ['\u1161', '한'],
      ['\u11ab', '한'],
    ])
  })

  it('makes full-width and half-width forms plain', () => {
    expect(aligned(new NFKC(), 'Ａ\uffa1\uffc2ﬁ')).toEqual([
      ['A', 'Ａ'],
      ['가', '\uffa1'],
      ['f', 'ﬁ'],
      ['i', 'ﬁ'],
    ])
    expect(new NFKD().normalize(AlignedText.of('①ㄱ')).text).toBe('1\u1100')
  })

  it('leaves normal text as it is', () => {
    const text = AlignedText.of('나는 학교에 갔다.')
    expect(new NFC().normalize(text)).toBe(text)
  })

  it('gives the engine’s result, with ranges that lie inside the text', () => {
    const forms = [new NFC(), new NFD(), new NFKC(), new NFKD()]
    const unit = fc.constantFrom(
      'a',
      'e\u0301',
      'é',
      '\u0323',
      '\u0301',
      'ệ',
      '각',
      '\u1100',
      '\u1161',
      '\u11a8',
      'ﬃ',
      '\u0344',
      '😀',
      '\ud83d',
    )
    fc.assert(
      fc.property(fc.string({ unit }), fc.constantFrom(...forms), (text, form) => {
        const result = form.normalize(AlignedText.of(text))
        expect(result.text).toBe(text.normalize(form.toJSON().type))
        for (let i = 0; i < result.text.length; i++) {
          const [start, end] = result.originalRange(i, i + 1)
          expect(0 <= start && start <= end && end <= text.length).toBe(true)
        }
      }),
    )
  })
})
