import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PreTokenizer } from '../pipeline/points.ts'
import { AlignedText } from '../text/aligned-text.ts'
import { PreTokens } from '../text/pre-tokens.ts'
import { CL100K_PATTERN, QWEN2_PATTERN } from './cl100k-split.ts'
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

const preTokens = (part: PreTokenizer, text: string) =>
  part.preTokenize(PreTokens.whole(AlignedText.of(text))).toArray()

function origins(part: PreTokenizer, text: string): string[] {
  const result = part.preTokenize(PreTokens.whole(AlignedText.of(text)))
  return Array.from({ length: result.length }, (_, i) =>
    text.slice(...result.originalRange(i, 0, result.spelled(i).length)),
  )
}

describe('pre-tokenizers', () => {
  it('Whitespace, WhitespaceSplit and BertPreTokenizer split words', () => {
    expect(preTokens(new Whitespace(), "Hey, what's 좋은 날!?")).toEqual([
      'Hey',
      ',',
      'what',
      "'",
      's',
      '좋은',
      '날',
      '!?',
    ])
    expect(preTokens(new WhitespaceSplit(), ' a,b\u3000c ')).toEqual(['a,b', 'c'])
    expect(preTokens(new BertPreTokenizer(), 'a!?「가」')).toEqual(['a', '!', '?', '「', '가', '」'])
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
        expect(preTokens(new Whitespace(), text)).toEqual(preTokens(pattern, text))
      }),
    )
  })

  it('ByteLevel splits as its pattern says, and writes bytes', () => {
    const pattern = new Sequence([
      new Split({ pattern: { regex: `(?:${GPT2_PATTERN})` }, behavior: 'Isolated' }),
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
        expect(preTokens(scanner, text)).toEqual(preTokens(pattern, text))
      }),
    )
    expect(preTokens(new ByteLevel(), "It's  가")).toEqual(['ĠIt', "'s", 'Ġ', 'Ġê°Ģ'])
    expect(origins(new ByteLevel(), "It's  가")).toEqual(['It', "'s", ' ', ' 가'])
  })

  it('Split knows the patterns of GPT-4 and Qwen 2', () => {
    const unit = fc.constantFrom(
      'a',
      'L',
      's',
      'ſ',
      'r',
      'e',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u3000',
      "'",
      '1',
      '²',
      '가',
      '!',
      '😀',
      '𝒳',
      '𝟙',
      '\u0301',
      '\ud800',
    )
    for (const regex of [CL100K_PATTERN, QWEN2_PATTERN]) {
      const known = new Split({ pattern: { regex }, behavior: 'Removed', invert: true })
      const plain = new Split({ pattern: { regex: `(?:${regex})` }, behavior: 'Removed', invert: true })
      fc.assert(
        fc.property(fc.string({ unit, maxLength: 30 }), (text) => {
          expect(preTokens(known, text)).toEqual(preTokens(plain, text))
        }),
        { numRuns: 2000 },
      )
    }
  })

  it('Metaspace marks spaces', () => {
    expect(preTokens(new Metaspace(), 'Hey  friend!')).toEqual(['▁Hey', '▁', '▁friend!'])
    expect(origins(new Metaspace(), 'Hey  friend!')).toEqual(['Hey', ' ', ' friend!'])
    expect(preTokens(new Metaspace({ prependScheme: 'never', split: false }), 'a b')).toEqual(['a▁b'])
  })

  it('Joiner marks the joints of punctuation', () => {
    expect(preTokens(new Joiner(), '나는 (어제) 갔다.')).toEqual(['나는', '(￭', '어제', '￭)', '갔다', '￭.'])
    expect(preTokens(new Joiner(), "don't")).toEqual(['don', "￭'￭", 't'])
    expect(preTokens(new Joiner(), 'a ￭')).toEqual(['a', '■'])
    expect(origins(new Joiner(), "(don't)")).toEqual(['(', 'don', "'", 't', ')'])
  })

  it('Split has five behaviors', () => {
    const expected: Record<SplitBehavior, string[]> = {
      Removed: ['the', 'final', 'countdown'],
      Isolated: ['the', '-', 'final', '-', '-', 'countdown'],
      MergedWithPrevious: ['the-', 'final-', '-', 'countdown'],
      MergedWithNext: ['the', '-final', '-', '-countdown'],
      Contiguous: ['the', '-', 'final', '--', 'countdown'],
    }
    for (const [behavior, words] of Object.entries(expected)) {
      expect(
        preTokens(new Split({ pattern: '-', behavior: behavior as SplitBehavior }), 'the-final--countdown'),
      ).toEqual(words)
    }
    expect(preTokens(new Split({ pattern: { regex: '\\w+' }, behavior: 'Removed', invert: true }), 'a, bc')).toEqual([
      'a',
      'bc',
    ])
  })

  it('the smaller ones split as they are named', () => {
    expect(preTokens(new Digits(), 'ab12c3')).toEqual(['ab', '12', 'c', '3'])
    expect(preTokens(new Digits({ individualDigits: true }), 'a12')).toEqual(['a', '1', '2'])
    expect(preTokens(new Punctuation({ behavior: 'Contiguous' }), 'a!?b')).toEqual(['a', '!?', 'b'])
    expect(preTokens(new CharDelimiterSplit('x'), 'axxb')).toEqual(['a', 'b'])
    expect(preTokens(new UnicodeScripts(), 'どこで生れ。Yes 한글')).toEqual(['どこで生れ', '。', 'Yes ', '한글'])
    expect(preTokens(new FixedLength({ length: 2 }), 'a😀bcd')).toEqual(['a😀', 'bc', 'd'])
    expect(preTokens(new Sequence([new WhitespaceSplit(), new Digits()]), 'a1 b')).toEqual(['a', '1', 'b'])
  })
})
