import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AlignedText } from '../pipeline/aligned-text.ts'
import { Pieces } from '../pipeline/pieces.ts'
import type { PreTokenizer } from '../pipeline/points.ts'
import { GPT2_PATTERN } from './gpt2-split.ts'
import {
  BertPreTokenizer,
  ByteLevel,
  CharDelimiterSplit,
  Digits,
  FixedLength,
  Joiner,
  Metaspace,
  Punctuation,
  Sequence,
  Split,
  type SplitBehavior,
  UnicodeScripts,
  Whitespace,
  WhitespaceSplit,
} from './index.ts'

const pieces = (part: PreTokenizer, text: string) => part.preTokenize(Pieces.whole(AlignedText.of(text))).toArray()

function origins(part: PreTokenizer, text: string): string[] {
  const result = part.preTokenize(Pieces.whole(AlignedText.of(text)))
  return Array.from({ length: result.length }, (_, i) =>
    text.slice(...result.originalRange(i, 0, result.piece(i).length)),
  )
}

describe('pre-tokenizers', () => {
  it('Whitespace, WhitespaceSplit and BertPreTokenizer split words', () => {
    expect(pieces(new Whitespace(), "Hey, what's 좋은 날!?")).toEqual([
      'Hey',
      ',',
      'what',
      "'",
      's',
      '좋은',
      '날',
      '!?',
    ])
    expect(pieces(new WhitespaceSplit(), ' a,b\u3000c ')).toEqual(['a,b', 'c'])
    expect(pieces(new BertPreTokenizer(), 'a!?「가」')).toEqual(['a', '!', '?', '「', '가', '」'])
  })

  it('Whitespace does what its pattern says', () => {
    const pattern = new Split({
      pattern: {
        regex:
          '[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]+|[^\\s\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]+',
      },
      behavior: 'Removed',
      invert: true,
    })
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(pieces(new Whitespace(), text)).toEqual(pieces(pattern, text))
      }),
    )
  })

  it('ByteLevel splits as its pattern says, and writes bytes', () => {
    const pattern = new Sequence([
      new Split({ pattern: { regex: GPT2_PATTERN }, behavior: 'Isolated' }),
      new ByteLevel({ useRegex: false, addPrefixSpace: false }),
    ])
    const scanner = new ByteLevel({ addPrefixSpace: false })
    const unit = fc.constantFrom(
      'a',
      'b',
      ' ',
      '\n',
      '\u3000',
      "'",
      's',
      'l',
      '1',
      '²',
      '가',
      '!',
      '😀',
      '𝒳',
      'e\u0301',
      '\ud800',
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
        expect(pieces(scanner, text)).toEqual(pieces(pattern, text))
      }),
    )
    expect(pieces(new ByteLevel(), "It's  가")).toEqual(['ĠIt', "'s", 'Ġ', 'Ġê°Ģ'])
    expect(origins(new ByteLevel(), "It's  가")).toEqual(['It', "'s", ' ', ' 가'])
  })

  it('Metaspace marks spaces', () => {
    expect(pieces(new Metaspace(), 'Hey  friend!')).toEqual(['▁Hey', '▁', '▁friend!'])
    expect(origins(new Metaspace(), 'Hey  friend!')).toEqual(['Hey', ' ', ' friend!'])
    expect(pieces(new Metaspace({ prependScheme: 'never', split: false }), 'a b')).toEqual(['a▁b'])
  })

  it('Joiner marks the joints of punctuation', () => {
    expect(pieces(new Joiner(), '나는 (어제) 갔다.')).toEqual(['나는', '(￭', '어제', '￭)', '갔다', '￭.'])
    expect(pieces(new Joiner(), "don't")).toEqual(['don', "￭'￭", 't'])
    expect(pieces(new Joiner(), 'a ￭')).toEqual(['a', '■'])
    expect(origins(new Joiner(), "(don't)")).toEqual(['(', 'don', "'", 't', ')'])
  })

  it('Split has five behaviours', () => {
    const expected: Record<SplitBehavior, string[]> = {
      Removed: ['the', 'final', 'countdown'],
      Isolated: ['the', '-', 'final', '-', '-', 'countdown'],
      MergedWithPrevious: ['the-', 'final-', '-', 'countdown'],
      MergedWithNext: ['the', '-final', '-', '-countdown'],
      Contiguous: ['the', '-', 'final', '--', 'countdown'],
    }
    for (const [behavior, words] of Object.entries(expected)) {
      expect(pieces(new Split({ pattern: '-', behavior: behavior as SplitBehavior }), 'the-final--countdown')).toEqual(
        words,
      )
    }
    expect(pieces(new Split({ pattern: { regex: '\\w+' }, behavior: 'Removed', invert: true }), 'a, bc')).toEqual([
      'a',
      'bc',
    ])
  })

  it('the smaller ones split as they are named', () => {
    expect(pieces(new Digits(), 'ab12c3')).toEqual(['ab', '12', 'c', '3'])
    expect(pieces(new Digits({ individualDigits: true }), 'a12')).toEqual(['a', '1', '2'])
    expect(pieces(new Punctuation({ behavior: 'Contiguous' }), 'a!?b')).toEqual(['a', '!?', 'b'])
    expect(pieces(new CharDelimiterSplit('x'), 'axxb')).toEqual(['a', 'b'])
    expect(pieces(new UnicodeScripts(), 'どこで生れ。Yes 한글')).toEqual(['どこで生れ', '。', 'Yes ', '한글'])
    expect(pieces(new FixedLength({ length: 2 }), 'a😀bcd')).toEqual(['a😀', 'bc', 'd'])
    expect(pieces(new Sequence([new WhitespaceSplit(), new Digits()]), 'a1 b')).toEqual(['a', '1', 'b'])
  })
})
