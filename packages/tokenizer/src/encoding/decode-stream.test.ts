import { RandomStream } from '@heddle/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DecodeStream, decoders, preTokenizers, Tokenizer, trainers } from '../index.ts'

// A byte-level tokenizer: a token is a byte.
const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids))
const encode = (text: string) => [...new TextEncoder().encode(text)]

it('returns characters of several tokens whole', () => {
  const stream = new DecodeStream(decode)
  const parts = encode('a한국어😀b').map((byte) => stream.push(byte))
  expect(parts.filter((part) => part !== '')).toEqual(['a', '한', '국', '어', '😀', 'b'])
  expect(stream.flush()).toBe('')
})

it('returns, in parts, the text before the first stop string, whatever the text', () => {
  const rng = new RandomStream(1)
  for (let n = 0; n < 500; n++) {
    const text = Array.from({ length: 12 }, () => rng.pick(['a', 'b', '한', '\n'])).join('')
    const stops = ['ab\n', 'bb', '\n한']
    const stream = new DecodeStream(decode, { stops })
    let given = ''
    for (const byte of encode(text)) given += stream.push(byte)
    given += stream.flush()
    const ends = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
    expect(given).toBe(text.slice(0, Math.min(text.length, ...ends)))
    expect(stream.stopped).toBe(ends.length > 0)
    expect(stream.push(0x63)).toBe(stream.stopped ? '' : 'c')
  }
})

it('returns the spaces that a decoder puts between words', () => {
  const words = ['the', 'old', 'cat']
  const stream = new DecodeStream((ids) => ids.map((id) => words[id]).join(' '))
  expect([0, 1, 2].map((id) => stream.push(id))).toEqual(['the', ' old', ' cat'])
})

it('returns an incomplete character when the tokens end there', () => {
  const stream = new DecodeStream(decode)
  expect(encode('한').slice(0, 2).map((byte) => stream.push(byte)).join('')).toBe('') // biome-ignore format: one line
  expect(stream.flush()).toBe('\uFFFD')
})

it('streams the same text as a tokenizer decodes at once', () => {
  const tokenizer = Tokenizer.train(
    ['low lower lowest', '나는 학교에 갔다. 나는 밥을 먹었다.'],
    new trainers.BPETrainer({ vocabSize: 300, initialAlphabet: preTokenizers.ByteLevel.alphabet() }),
    { preTokenizer: new preTokenizers.ByteLevel({ addPrefixSpace: false }), decoder: new decoders.ByteLevel() },
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const stream = tokenizer.decodeStream()
      let streamed = ''
      for (const id of tokenizer.encodeIds(text)) streamed += stream.push(id)
      expect(streamed + stream.flush()).toBe(text)
    }),
  )
  const [first, ...rest] = tokenizer.encodeIds('긁')
  const stream = tokenizer.decodeStream()
  expect(stream.push(first!)).toBe('')
  expect(rest.map((id) => stream.push(id)).join('')).toBe('긁')
})
