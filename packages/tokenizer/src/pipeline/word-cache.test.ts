import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import { preTokenizers, Tokenizer, trainers } from '../index.ts'
import { unitsOf } from '../unicode/units.ts'
import { WordCache } from './word-cache.ts'

it('gives back the tokens of a pre-token, wherever it stands', () => {
  const cache = new WordCache()
  const out = new TokenBuffer()
  expect(cache.recall(unitsOf('a loom'), 2, 6, out)).toBe(false)
  out.push(7, 0, 1)
  out.push(8, 1, 4)
  cache.keep(4, out, 0)
  expect(cache.recall(unitsOf('looms'), 0, 4, out)).toBe(true)
  expect(cache.recall(unitsOf('looms'), 0, 5, out)).toBe(false)
  expect([...out.ids.subarray(0, out.length)]).toEqual([7, 8, 7, 8])
  cache.clear()
  expect(cache.recall(unitsOf('loom'), 0, 4, out)).toBe(false)
})

it('changes nothing about the tokens of a text', () => {
  const trained = Tokenizer.train(
    ['low lower lowest 낮은 낮게'],
    new trainers.BPETrainer({ vocabSize: 60, model: { unkToken: null } }),
    {
      preTokenizer: new preTokenizers.ByteLevel(),
    },
  )
  const word = fc.constantFrom('low', 'er', 'west', ' ', '낮', '은', 'x'.repeat(70), '😀')
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const text = words.join('')
      // A new tokenizer knows no pre-token yet; the old one has seen most of them.
      expect(trained.encode(text).toJSON()).toEqual(Tokenizer.fromJSON(trained.toJSON()).encode(text).toJSON())
    }),
  )
})

it('holds many pre-tokens apart, and not those whose numbers do not fit', () => {
  const cache = new WordCache()
  const out = new TokenBuffer()
  const words = Array.from({ length: 30_000 }, (_, i) => (i * 7919).toString(3 + (i % 30)))
  const recalls = (word: string) => {
    out.clear()
    return cache.recall(unitsOf(word), 0, word.length, out)
  }
  for (const [id, word] of words.entries()) {
    if (recalls(word)) continue
    out.push(id, 0, 200 + 100 * (id % 2))
    cache.keep(word.length, out, 0)
  }
  let found = 0
  for (const word of words) {
    if (!recalls(word)) continue
    found++
    expect([words[out.ids[0]!], out.ids[0]! % 2, out.starts[0], out.ends[0], out.length]).toEqual([word, 0, 0, 200, 1])
  }
  expect(found).toBeGreaterThan(2000)
})

it('keeps no tokens with gaps between them, and nothing longer than an entry', () => {
  const cache = new WordCache()
  const out = new TokenBuffer()
  const isKept = (word: string, tokens: readonly (readonly [start: number, end: number])[]) => {
    out.clear()
    expect(cache.recall(unitsOf(word), 0, word.length, out)).toBe(false)
    for (const [start, end] of tokens) out.push(1, start, end)
    cache.keep(word.length, out, 0)
    return cache.recall(unitsOf(word), 0, word.length, out)
  }
  expect(
    isKept('gap', [
      [0, 1],
      [2, 3],
    ]),
  ).toBe(false)
  expect(isKept('late', [[1, 4]])).toBe(false)
  expect(isKept('none', [])).toBe(true)
  expect(isKept('twelve units', [[0, 12]])).toBe(true)
  expect(isKept('thirteen unit', [[0, 13]])).toBe(false)
  expect(
    isKept(
      'seven',
      Array.from({ length: 7 }, (_, i) => [i, i + 1] as const),
    ),
  ).toBe(true)
  expect(
    isKept(
      'eight',
      Array.from({ length: 8 }, (_, i) => [i, i + 1] as const),
    ),
  ).toBe(false)
})
