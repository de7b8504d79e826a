import { RandomStream } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import type { Model } from '../pipeline/points.ts'
import { Vocabulary } from '../pipeline/vocabulary.ts'
import { BPE, Char, Unigram, WordLevel, WordPiece } from './index.ts'
import { addSymbol, mergeByHeap, mergeSymbols, newSymbols } from './merge-symbols.ts'
import { MergeTable } from './merge-table.ts'

function tokens(model: Model, piece: string): [string, number, number][] {
  const out = new TokenBuffer()
  model.tokenize(piece, out)
  return Array.from({ length: out.length }, (_, i) => [model.idToToken(out.ids[i]!)!, out.starts[i]!, out.ends[i]!])
}

const names = (model: Model, piece: string) => tokens(model, piece).map(([token]) => token)

describe('BPE', () => {
  const vocabulary = Vocabulary.fromTokens([
    '<unk>',
    'a',
    'b',
    'c',
    'ab',
    'abc',
    '가',
    ...Array.from({ length: 256 }, (_, b) => `<0x${b.toString(16).toUpperCase().padStart(2, '0')}>`),
  ])
  const merges = [['a', 'b'], ['ab', 'c']] as const // biome-ignore format: short

  it('merges the first learned pair first', () => {
    expect(tokens(new BPE(vocabulary, merges), 'abcab가')).toEqual([['abc', 0, 3], ['ab', 3, 5], ['가', 5, 6]]) // biome-ignore format: short
  })

  it('treats unknown characters as it is told', () => {
    expect(names(new BPE(vocabulary, merges), 'axyb')).toEqual(['ab'])
    expect(names(new BPE(vocabulary, merges, { unkToken: '<unk>' }), 'axyb')).toEqual(['a', '<unk>', '<unk>', 'b'])
    expect(tokens(new BPE(vocabulary, merges, { unkToken: '<unk>', fuseUnk: true }), 'a😀yb')[1]).toEqual([
      '<unk>',
      1,
      4,
    ])
    expect(tokens(new BPE(vocabulary, merges, { byteFallback: true }), 'é')).toEqual([['<0xC3>', 0, 1], ['<0xA9>', 0, 1]]) // biome-ignore format: short
  })

  it('writes affixes, and takes whole words when told', () => {
    const affixed = Vocabulary.fromTokens(['a', '##b', '##b</w>', 'a</w>', 'a##b</w>', 'word'])
    expect(names(new BPE(affixed, [], { continuingSubwordPrefix: '##', endOfWordSuffix: '</w>' }), 'abb')).toEqual([
      'a',
      '##b',
      '##b</w>',
    ])
    expect(names(new BPE(affixed, [], { ignoreMerges: true }), 'word')).toEqual(['word'])
  })

  it('leaves merges out with dropout, by its own random stream', () => {
    const lengths = [0, 0.5, 1].map((dropout) => {
      const model = new BPE(vocabulary, merges, { dropout, random: new RandomStream(1) })
      return Array.from({ length: 40 }, () => names(model, 'abcabc').length).reduce((a, b) => a + b)
    })
    expect(lengths[0]).toBe(80)
    expect(lengths[2]).toBe(240)
    expect(lengths[1]).toBeGreaterThan(80)
    expect(lengths[1]).toBeLessThan(240)
    expect(() => new BPE(vocabulary, [], { dropout: 2 })).toThrow(/dropout/)
  })

  it('merges alike by scanning and by a heap', () => {
    const random = new RandomStream(3)
    const pairs = Array.from({ length: 60 }, (_, i) => [random.integer(8 + i), random.integer(8 + i), 8 + i] as const)
    const table = new MergeTable(pairs.flat())
    fc.assert(
      fc.property(fc.array(fc.nat(7), { minLength: 1, maxLength: 48 }), (word) => {
        const [scanned, heaped] = [newSymbols(), newSymbols()]
        for (const [i, id] of word.entries()) for (const symbols of [scanned, heaped]) addSymbol(symbols, id, i, i + 1)
        mergeSymbols(scanned, table)
        mergeByHeap(heaped, table)
        expect(heaped.count).toBe(scanned.count)
        expect(heaped.ids.subarray(0, heaped.count)).toEqual(scanned.ids.subarray(0, scanned.count))
        expect(heaped.ends.subarray(0, heaped.count)).toEqual(scanned.ends.subarray(0, scanned.count))
      }),
    )
  })
})

describe('WordPiece', () => {
  const model = new WordPiece(Vocabulary.fromTokens(['[UNK]', 'un', '##aff', '##able', 'u', '##n', '학교', '##에']), {
    maxInputCharsPerWord: 10,
  })

  it('takes the longest pieces', () => {
    expect(tokens(model, 'unaffable')).toEqual([['un', 0, 2], ['##aff', 2, 5], ['##able', 5, 9]]) // biome-ignore format: short
    expect(names(model, '학교에')).toEqual(['학교', '##에'])
  })

  it('gives up words as a whole', () => {
    expect(tokens(model, 'unx')).toEqual([['[UNK]', 0, 3]])
    expect(names(model, 'unaffableun')).toEqual(['[UNK]'])
    expect(() => tokens(new WordPiece(Vocabulary.fromTokens(['a'])), 'b')).toThrow(/unknown token/)
  })
})

describe('Unigram', () => {
  const pieces = [['<unk>', 0], ['a', -1], ['b', -1], ['c', -1], ['d', -1], ['cd', -1.5], ['ab', -1.2], ['abc', -1.9], ['abcd', -2]] as const // biome-ignore format: a table

  it('takes the most probable pieces and shows unknown text', () => {
    const model = new Unigram(pieces, { unkId: 0 })
    expect(tokens(model, 'abcdacdxx')).toEqual([['abcd', 0, 4], ['a', 4, 5], ['cd', 5, 7], ['<unk>', 7, 9]]) // biome-ignore format: short
    expect(model.surfaceId).toBe(0)
  })

  it('agrees with trying all segmentations', () => {
    const model = new Unigram(pieces, { unkId: 0 })
    const scores = new Map(pieces.slice(1) as [string, number][])
    const best = (text: string): number =>
      text === ''
        ? 0
        : Math.max(
            ...Array.from(
              text,
              (_, i) => (scores.get(text.slice(0, i + 1)) ?? Number.NEGATIVE_INFINITY) + best(text.slice(i + 1)),
            ),
          )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 10 }), (text) => {
        const score = names(model, text).reduce((sum, token) => sum + scores.get(token)!, 0)
        expect(score).toBeCloseTo(best(text), 9)
      }),
    )
  })

  it('falls back to bytes, and needs an unknown token otherwise', () => {
    const withBytes = [...pieces, ['<0xC3>', -9], ['<0xA9>', -9]] as [string, number][]
    expect(names(new Unigram(withBytes, { unkId: 0, byteFallback: true }), 'aé')).toEqual(['a', '<0xC3>', '<0xA9>'])
    expect(() => tokens(new Unigram(pieces), 'x')).toThrow(/unk_id/)
  })
})

describe('WordLevel and Char', () => {
  it('look up words and characters', () => {
    expect(names(new WordLevel(Vocabulary.fromTokens(['<unk>', '가'])), '나')).toEqual(['<unk>'])
    expect(() => tokens(new WordLevel(Vocabulary.fromTokens(['가'])), '나')).toThrow(/unknown token/)
    expect(tokens(new Char(Vocabulary.fromTokens(['😀', 'a'])), 'a😀')).toEqual([['a', 0, 1], ['😀', 1, 3]]) // biome-ignore format: short
    expect(() => tokens(new Char(Vocabulary.fromTokens(['a'])), 'ab')).toThrow(/"b" at 1/)
    expect(() => new Char(Vocabulary.fromTokens(['a']), { unkToken: '?' })).toThrow(/unknown token/)
  })
})
