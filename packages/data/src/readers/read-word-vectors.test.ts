import { describe, expect, it } from 'vitest'
import { memorySource } from '../sources/data-source.ts'
import { readWordVectors } from './read-word-vectors.ts'

const file = (name: string, content: string | Uint8Array) => memorySource(name, content).files[0]!
const wanted = new Set(['loom', '나무', 'new york', 'missing'])
const expected = new Map([
  ['나무', Float32Array.of(-1, 0.5, 2)],
  ['loom', Float32Array.of(1, 2, 3)],
])

/** The format of word2vec: a line of counts, then each word, a space, its numbers, and perhaps a line end. */
function binary(words: readonly (readonly [string, readonly number[]])[], separator = '\n'): Uint8Array {
  const encoder = new TextEncoder()
  const parts = [encoder.encode(`${words.length} 3\n`)]
  for (const [word, values] of words) {
    parts.push(encoder.encode(`${word} `), new Uint8Array(Float32Array.from(values).buffer), encoder.encode(separator))
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

describe('readWordVectors', () => {
  it.each([
    ['fastText', 'a.vec', '4 3\n나무 -1 0.5 2 \nother 9 9 9 \nloom 1 2 3 \nloom 7 7 7 \n'],
    ['GloVe', 'glove.txt', '나무 -1 0.5 2\nother 9 9 9\nloom 1 2 3\nloom 7 7 7'],
  ])('keeps the wanted words of %s text, however it is cut', async (_, name, text) => {
    for (const piece of [1, 7, 1000]) {
      const { size, vectors, numWords } = await readWordVectors(file(name, text), wanted, { piece })
      expect([size, numWords]).toEqual([3, 4])
      expect(vectors).toEqual(expected)
    }
  })

  it.each(['\n', ''])('keeps the wanted words of the binary format with %j between them', async (separator) => {
    // The bytes of the numbers hold spaces and line ends: 0x20202020 and 0x0a0a0a0a.
    const odd = [...new Float32Array(Uint32Array.of(0x20202020, 0x0a0a0a0a, 0x0a200a20).buffer)]
    const words = [
      ['나무', [-1, 0.5, 2]],
      ['other', odd],
      ['loom', [1, 2, 3]],
    ] as const
    for (const piece of [1, 5, 1000]) {
      const { vectors, numWords } = await readWordVectors(file('a.bin', binary(words, separator)), wanted, { piece })
      expect(numWords).toBe(3)
      expect(vectors).toEqual(expected)
    }
  })

  it('keeps words with spaces', async () => {
    const { vectors } = await readWordVectors(file('g.txt', 'a 1 2\nnew york 3 4\n'), wanted)
    expect(vectors).toEqual(new Map([['new york', Float32Array.of(3, 4)]]))
  })

  it('names what is wrong', async () => {
    const read = (name: string, content: string | Uint8Array) => readWordVectors(file(name, content), wanted)
    await expect(read('a.vec', '2 3\nloom 1 x 3\n')).rejects.toThrow('a.vec:2: expected 3 numbers after "loom"')
    await expect(read('a.vec', '2 3\nloom 1 2\n')).rejects.toThrow('a.vec:2: expected a word and 3 numbers')
    await expect(read('a.bin', 'loom 1 2\n')).rejects.toThrow('the size of a vector in the first line')
    const whole = binary([['loom', [1, 2, 3]]])
    await expect(read('a.bin', whole.subarray(0, 12))).rejects.toThrow('expected 3 numbers of "loom", got the end')
    await expect(read('a.txt', '')).rejects.toThrow('got an empty file')
  })
})
