import { atOnce, createRegistry } from '@heddle/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trainerPoint } from '../pipeline/points.ts'
import { tokenizerPlugin } from '../plugin.ts'
import { BPETrainer, UnigramTrainer, WordLevelTrainer, WordPieceTrainer } from './index.ts'
import { forEachRepeatedSubstring } from './repeated-substrings.ts'
import { compareCodePoints } from './training.ts'
import { UnigramLattice } from './unigram-lattice.ts'

const COUNTS = new Map(Object.entries({ low: 5, lower: 2, newest: 6, widest: 3, 가나다: 4 }))

describe('trainers', () => {
  it('BPETrainer learns what counting anew after every merge learns', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 5 }),
        ),
        (words) => {
          const { tokens, merges } = atOnce(new BPETrainer({ vocabSize: 20 }).learn(new Map(Object.entries(words))))
          const rows = Object.entries(words).map(([word, count]) => ({
            symbols: [...word].map((c) => tokens.indexOf(c)),
            count,
          }))
          const strings = new Set(tokens)
          // Where two merges make the same token, the fast trainer goes on with the words of the first only for a while: not compared here.
          if (strings.size < tokens.length || new Set(merges.map(([, , made]) => made)).size < merges.length) return
          for (const [left, right, made] of merges) {
            const counts = new Map<string, number>()
            for (const { symbols, count } of rows) {
              for (let i = 1; i < symbols.length; i++)
                counts.set(
                  `${symbols[i - 1]},${symbols[i]}`,
                  (counts.get(`${symbols[i - 1]},${symbols[i]}`) ?? 0) + count,
                )
            }
            expect(counts.get(`${left},${right}`)).toBe(Math.max(...counts.values()))
            for (const row of rows) {
              for (let i = 0; i + 1 < row.symbols.length; i++)
                if (row.symbols[i] === left && row.symbols[i + 1] === right) row.symbols.splice(i, 2, made)
            }
          }
        },
      ),
    )
  })

  it('BPETrainer keeps to its limits', () => {
    const model = new BPETrainer({
      vocabSize: 14,
      specialTokens: ['<s>'],
      limitAlphabet: 8,
      initialAlphabet: ['z'],
    }).train(COUNTS)
    expect(model.vocabSize).toBe(14)
    expect(model.tokenToId('<s>')).toBe(0)
    expect(model.tokenToId('z')).toBeDefined()
    const short = new BPETrainer({ maxTokenLength: 3 }).train(COUNTS)
    expect(Math.max(...[...short.vocabulary().keys()].map((token) => [...token].length))).toBeLessThanOrEqual(3)
    const rare = new BPETrainer({ minFrequency: 7 }).train(COUNTS)
    expect(rare.merges.map((pair) => pair.join(''))).toEqual(['es', 'est', 'lo', 'low'])
    const affixed = new BPETrainer({ endOfWordSuffix: '</w>' }).train(new Map([['ab', 3]]))
    expect([...affixed.vocabulary().keys()]).toEqual(['a', 'b', 'b</w>', 'ab</w>'])
  })

  it('WordPieceTrainer marks pieces within words', () => {
    const model = new WordPieceTrainer({ vocabSize: 60, specialTokens: ['[UNK]'] }).train(COUNTS)
    expect([...model.vocabulary().keys()]).toEqual(
      expect.arrayContaining(['[UNK]', 'l', '##w', 'low', '##est', '가나다']),
    )
  })

  it('WordLevelTrainer orders by frequency, then by code point', () => {
    const model = new WordLevelTrainer({ minFrequency: 3 }).train(new Map([['b', 3], ['a', 3], ['c', 9], ['d', 1]])) // biome-ignore format: short
    expect([...model.vocabulary().keys()]).toEqual(['c', 'a', 'b'])
    expect(['\uffff', '\u{10000}', 'a'].sort(compareCodePoints)).toEqual(['a', '\uffff', '\u{10000}'])
  })

  it('WordLevelTrainer gives a special token that texts hold one id, without a gap', () => {
    const trainer = new WordLevelTrainer({ specialTokens: ['<unk>'] })
    const model = trainer.train(new Map(Object.entries({ the: 9, '<unk>': 5, a: 2 })))
    expect([...model.vocabulary()]).toEqual([
      ['<unk>', 0],
      ['the', 1],
      ['a', 2],
    ])
  })

  it('UnigramTrainer keeps all characters and the size that it was given', () => {
    const words = new Map(
      Array.from({ length: 300 }, (_, i) => [`${(i * 7919) % 1000}${(i * 104729) % 1000}`, 1 + (i % 5)]),
    )
    const model = new UnigramTrainer({ vocabSize: 40, unkToken: '<unk>', specialTokens: ['<s>'] }).train(words)
    expect(model.vocabSize).toBe(40)
    expect(model.pieces.slice(0, 2).map(([piece]) => piece)).toEqual(['<unk>', '<s>'])
    for (const digit of '0123456789') expect(model.tokenToId(digit)).toBeDefined()
    const scores = model.pieces.slice(2).map(([, score]) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(() => new UnigramTrainer({ vocabSize: 5 }).train(words)).toThrow(/characters/)
  })

  it('are contributions with options of their own', () => {
    const registry = createRegistry(tokenizerPlugin)
    const trainer = registry.create(trainerPoint, { type: 'BPETrainer', vocabSize: 15 }, { registry })
    expect(trainer.train(COUNTS).vocabSize).toBe(15)
    expect(() => registry.create(trainerPoint, { type: 'BPETrainer', vocabSiz: 1 }, { registry })).toThrow(/vocabSize/)
    expect(registry.list(trainerPoint).map(({ name }) => name)).toEqual([
      'CharTrainer',
      'WordLevelTrainer',
      'BPETrainer',
      'WordPieceTrainer',
      'UnigramTrainer',
    ])
  })
})

describe('the parts of the unigram trainer', () => {
  it('finds the repeated substrings that branch', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 9 }), {
          minLength: 1,
          maxLength: 8,
        }),
        (words) => {
          const text = Int32Array.from(words.flatMap((word) => [...[...word].map((c) => c.charCodeAt(0)), 0]))
          const found = new Map<string, number>()
          forEachRepeatedSubstring(text, 2, 5, (start, length, frequency) => {
            found.set(String.fromCharCode(...text.subarray(start, start + length)), frequency)
          })
          const expected = new Map<string, number>()
          const joined = words.map((word) => `${word}\0`).join('')
          for (let i = 0; i < joined.length; i++) {
            for (let size = 2; size <= 5; size++) {
              const part = joined.slice(i, i + size)
              if (part.length < size || part.includes('\0')) continue
              const followers: string[] = []
              for (let at = joined.indexOf(part); at >= 0; at = joined.indexOf(part, at + 1))
                followers.push(joined[at + size]!)
              if (new Set(followers).size > 1) expected.set(part, followers.length)
            }
          }
          expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected))
        },
      ),
    )
  })

  it('expects each piece as often as all segmentations together', () => {
    const pieces = [
      { text: '<UNK>', score: Number.NaN },
      ...Object.entries({ a: -1, b: -2, ab: -2.5, ba: -3, aba: -3.5 }).map(([text, score]) => ({ text, score })),
    ]
    const expected = new Float64Array(pieces.length)
    new UnigramLattice(pieces).addExpected('abab', 2, expected)
    const weights = new Float64Array(pieces.length)
    let total = 0
    const visit = (rest: string, path: number[], score: number) => {
      if (rest === '') {
        total += Math.exp(score)
        for (const id of path) weights[id]! += Math.exp(score)
        return
      }
      for (const [id, piece] of pieces.entries())
        if (id > 0 && rest.startsWith(piece.text))
          visit(rest.slice(piece.text.length), [...path, id], score + piece.score)
    }
    visit('abab', [], 0)
    for (const [id, weight] of weights.entries()) expect(expected[id]).toBeCloseTo((2 * weight) / total, 9)
  })
})
