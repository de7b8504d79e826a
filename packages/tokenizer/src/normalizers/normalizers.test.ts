import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Normalizer } from '../pipeline/points.ts'
import { AlignedText } from '../text/aligned-text.ts'
import {
  BertNormalizer,
  ByteLevel,
  Lowercase,
  NFD,
  Nmt,
  Precompiled,
  Prepend,
  Replace,
  SentencePiece,
  Sequence,
  Strip,
  StripAccents,
} from './index.ts'

const normalize = (normalizer: Normalizer, text: string) => normalizer.normalize(AlignedText.of(text)).text

/** The parts of the original that the normalized characters stand for. */
function origins(normalizer: Normalizer, text: string): string[] {
  const result = normalizer.normalize(AlignedText.of(text))
  return Array.from({ length: result.text.length }, (_, i) => text.slice(...result.originalRange(i, i + 1)))
}

describe('normalizers', () => {
  it('BertNormalizer cleans, sets off Han characters, takes off accents and lowers', () => {
    expect(normalize(new BertNormalizer(), 'Héllo\u0000\t世界')).toBe('hello  世  界 ')
    expect(origins(new BertNormalizer(), 'É世')).toEqual(['É', '世', '世', '世'])
    expect(normalize(new BertNormalizer(), '한')).toBe('\u1112\u1161\u11ab')
    expect(normalize(new BertNormalizer({ stripAccents: false }), '한É')).toBe('한é')
  })

  it('BertNormalizer gives the same by its table as step by step', () => {
    const steps = new Sequence([new NFD(), new Replace({ regex: '\\p{Mn}' }, ''), new Lowercase()])
    const table = new BertNormalizer({ cleanText: false, handleChineseChars: false })
    const unit = fc.constantFrom('A', 'é', 'Σ', 'İ', '각', '\u0301', '\u1b44', '\u0334', 'ﬁ', '😀', '𝒳')
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(normalize(table, text)).toBe(normalize(steps, text))
      }),
    )
  })

  it('Lowercase does not look at a letter’s neighbors', () => {
    expect(normalize(new Lowercase(), 'ΑΣ İ')).toBe('ασ i\u0307')
    expect(origins(new Lowercase(), 'İA')).toEqual(['İ', 'İ', 'A'])
  })

  it('StripAccents takes out marks', () => {
    expect(normalize(new Sequence([new NFD(), new StripAccents()]), 'naïve')).toBe('naive')
  })

  it('Strip, Prepend and Replace keep the alignment', () => {
    expect(origins(new Strip(), '  ab ')).toEqual(['a', 'b'])
    expect(normalize(new Strip({ stripLeft: false }), ' a ')).toBe(' a')
    expect(normalize(new Prepend('▁'), 'a')).toBe('▁a')
    expect(normalize(new Prepend('▁'), '')).toBe('')
    expect(origins(new Prepend('▁'), 'ab')).toEqual(['a', 'a', 'b'])
    expect(normalize(new Replace({ regex: ' {2,}' }, ' '), 'a   b')).toBe('a b')
    expect(origins(new Replace('bc', 'X'), 'abcd')).toEqual(['a', 'c', 'd'])
    expect(normalize(new Replace('', '-'), 'ab')).toBe('-a-b-')
  })

  it('Nmt and ByteLevel map characters', () => {
    expect(normalize(new Nmt(), 'a\u200bb\u0001c')).toBe('a bc')
    expect(normalize(new ByteLevel(), 'é ')).toBe('Ã©Ġ')
    expect(origins(new ByteLevel(), 'é')).toEqual(['é', 'é'])
  })

  it('Precompiled replaces what its trie holds, the shortest entry first', () => {
    const precompiled = new Precompiled(characterMap())
    expect(normalize(precompiled, 'xAy')).toBe('xbby')
    expect(origins(precompiled, 'xAy')).toEqual(['x', 'A', 'A', 'y'])
    expect(normalize(precompiled, 'AB')).toBe('bbB')
    expect(normalize(new Precompiled(precompiled.toJSON().precompiled_charsmap), 'A한')).toBe('bb한')
    expect(() => new Precompiled(Uint8Array.of(255, 0, 0, 0))).toThrow(/trie/)
    expect(() => new Precompiled('***')).toThrow(/base64/)
  })

  it('SentencePiece replaces the longest entry, and treats spaces as its trainer was told', () => {
    const precompiledCharsmap = characterMap()
    const usual = new SentencePiece({ precompiledCharsmap })
    expect(normalize(usual, '  xAy   AB A ')).toBe('▁xbby▁c▁bb')
    expect(origins(usual, ' xA AB')).toEqual(['x', 'x', 'A', 'A', ' ', 'A'])
    expect(normalize(usual, '   ')).toBe('')
    expect(normalize(usual, '한\ud83d\ude00')).toBe('▁한\ud83d\ude00')
    const exact = new SentencePiece({ addDummyPrefix: false, removeExtraWhitespaces: false })
    expect(normalize(exact, ' a  b ')).toBe('▁a▁▁b▁')
    const after = new SentencePiece({ treatWhitespaceAsSuffix: true })
    expect(normalize(after, ' a b ')).toBe('a▁b▁')
    const symbols = new SentencePiece({ precompiledCharsmap, userDefinedSymbols: ['A', 'AB', '  '] })
    expect(normalize(symbols, 'xABA')).toBe('▁xABA')
  })

  it('SentencePiece gives every character a place in the text', () => {
    const normalizer = new SentencePiece({ precompiledCharsmap: characterMap(), userDefinedSymbols: ['AA'] })
    const units = fc.array(fc.constantFrom('A', 'B', ' ', '▁', '한', '\u{1f9f5}', '\ud83d', 'é'), { maxLength: 12 })
    fc.assert(
      fc.property(units, (parts) => {
        const text = parts.join('')
        const result = normalizer.normalize(AlignedText.of(text))
        let before = 0
        for (let i = 0; i < result.text.length; i++) {
          const [start, end] = result.originalRange(i, i + 1)
          expect(start).toBeGreaterThanOrEqual(before)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          before = start
        }
      }),
    )
  })
})

/** A map of two entries: 'A' becomes 'bb', and 'AB' becomes 'c'. */
function characterMap(): Uint8Array {
  // Units of the trie hold [offset to the children << 10 | has a value << 8 | own byte]; the root's children begin at unit 0.
  const units = new Uint32Array(0x100)
  units[0x41] = ((0x41 ^ 0x80) << 10) | (1 << 8) | 0x41
  units[0x80] = 0x80000000 | 0
  units[0x80 ^ 0x42] = ((0x80 ^ 0x42 ^ 0xe0) << 10) | (1 << 8) | 0x42
  units[0xe0] = 0x80000000 | 3
  const texts = new TextEncoder().encode('bb\0c\0')
  const bytes = new Uint8Array(4 + units.byteLength + texts.length)
  new DataView(bytes.buffer).setUint32(0, units.byteLength, true)
  bytes.set(new Uint8Array(units.buffer), 4)
  bytes.set(texts, 4 + units.byteLength)
  return bytes
}

// Garbage collection can fall into one measurement; quadratic time fails every one of them.
it('SentencePiece takes time in proportion to the length of a run of marks', { retry: 5 }, () => {
  const part = new SentencePiece()
  const time = (length: number) => {
    const text = AlignedText.of(`${'\u2581'.repeat(length)}a`)
    const start = process.cpuUsage()
    expect(part.normalize(text).text).toHaveLength(length + 2)
    return process.cpuUsage(start).user / 1000
  }
  time(10_000)
  expect(time(160_000)).toBeLessThan(16 * 10 * Math.max(8, time(10_000)))
})
