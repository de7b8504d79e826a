import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { cutAtStop, stopAtStrings, TextStream } from './index.ts'

/** A byte-level tokenizer: a token is a byte. */
const decode = (ids: readonly number[]) => new TextDecoder().decode(Uint8Array.from(ids))
const encode = (text: string) => [...new TextEncoder().encode(text)]

it('gives characters of several tokens whole', () => {
  const stream = new TextStream(decode)
  const pieces = encode('a한국어😀b').map((byte) => stream.push(byte))
  expect(pieces.filter((piece) => piece !== '')).toEqual(['a', '한', '국', '어', '😀', 'b'])
  expect(stream.end()).toBe('')
})

it('gives, in pieces, the text before the first stop string, whatever the text', () => {
  const rng = new RandomStream(1)
  for (let n = 0; n < 500; n++) {
    const text = Array.from({ length: 12 }, () => rng.pick(['a', 'b', '한', '\n'])).join('')
    const stops = ['ab\n', 'bb', '\n한']
    const stream = new TextStream(decode, stops)
    let given = ''
    for (const byte of encode(text)) given += stream.push(byte)
    given += stream.end()
    expect(given).toBe(cutAtStop(text, stops))
    expect(stream.stopped).toBe(stops.some((stop) => text.includes(stop)))
  }
})

it('gives the spaces that a tokenizer puts between words', () => {
  const words = ['the', 'old', 'cat']
  const stream = new TextStream((ids) => ids.map((id) => words[id]).join(' '))
  expect([0, 1, 2].map((id) => stream.push(id))).toEqual(['the', ' old', ' cat'])
})

it('ends with an incomplete character when the tokens end there', () => {
  const stream = new TextStream(decode)
  expect(
    encode('한')
      .slice(0, 2)
      .map((byte) => stream.push(byte))
      .join(''),
  ).toBe('')
  expect(stream.end()).toBe('\uFFFD')
})

it('stops decoding when the text holds a stop string', () => {
  const stop = stopAtStrings(['\n\n', 'END'], decode)
  expect(stop(encode('one\ntwo'))).toBe(false)
  expect(stop(encode('one\n\n'))).toBe(true)
  expect(stop(encode('an END.'))).toBe(true)
  expect(cutAtStop('an END. \n\n', ['\n\n', 'END'])).toBe('an ')
  expect(cutAtStop('none', ['\n\n'])).toBe('none')
})
