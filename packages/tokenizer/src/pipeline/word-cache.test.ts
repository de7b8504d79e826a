import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TokenBuffer } from '../encoding/token-buffer.ts'
import { preTokenizers, Tokenizer, trainers } from '../index.ts'
import { WordCache } from './word-cache.ts'

it('gives back the tokens of a pre-token, wherever it stands', () => {
  const cache = new WordCache()
  const out = new TokenBuffer()
  expect(cache.recall('a loom', 2, 6, out)).toBe(false)
  out.push(7, 0, 1)
  out.push(8, 1, 4)
  cache.keep(4, out, 0)
  expect(cache.recall('looms', 0, 4, out)).toBe(true)
  expect(cache.recall('looms', 0, 5, out)).toBe(false)
  expect([...out.ids.subarray(0, out.length)]).toEqual([7, 8, 7, 8])
  cache.clear()
  expect(cache.recall('loom', 0, 4, out)).toBe(false)
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
  for (const [id, word] of words.entries()) {
    out.clear()
    if (cache.recall(word, 0, word.length, out)) continue
    out.push(id, 0, 70_000 * (id % 2))
    cache.keep(word.length, out, 0)
  }
  const first = new Map([...words.entries()].reverse().map(([id, word]) => [word, id]))
  for (const word of words) {
    out.clear()
    const id = first.get(word)!
    if (!cache.recall(word, 0, word.length, out)) expect(id % 2).toBe(1)
    else if (id % 2 === 0) expect([out.ids[0], out.starts[0], out.ends[0], out.length]).toEqual([id, 0, 0, 1])
  }
})
