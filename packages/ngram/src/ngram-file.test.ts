import { intTensor, type RawTensor, readSafetensors, writeSafetensors } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { readNgramFile } from './ngram-file.ts'
import { NgramModel } from './ngram-model.ts'

const good = NgramModel.fromSequences(
  [
    [0, 1, 2],
    [0, 2, 1, 1],
  ],
  { order: 2, vocabSize: 4 },
).toBytes()

/** The good file with some of its tensors or metadata replaced. */
function changed(tensors: Record<string, RawTensor>, metadata: Record<string, string> = {}): Uint8Array {
  const file = readSafetensors(good)
  return writeSafetensors(new Map([...file.tensors, ...Object.entries(tensors)]), { ...file.metadata, ...metadata })
}
const vector = (...values: number[]) => intTensor([values.length], Int32Array.from(values))

describe('readNgramFile', () => {
  it('reads the layout that the README describes', () => {
    const { tensors, metadata } = readSafetensors(good)
    expect(metadata).toEqual({ format: 'heddle-ngram', version: '1', order: '2', vocabSize: '4', hasBegin: 'true' })
    expect([...tensors.keys()]).toEqual(['1.tokens', '1.counts', '1.starts', '2.tokens', '2.counts', '2.starts'])
    const { trie } = readNgramFile(good, 'm')
    // Unigrams 0, 1, 2 and the beginning (4), which stands before 0 twice.
    expect([...trie[0]!.tokens]).toEqual([0, 1, 2, 4])
    expect([...trie[1]!.tokens]).toEqual([1, 2, 1, 2, 1, 0])
    expect([...trie[1]!.starts]).toEqual([0, 2, 4, 5, 6])
    expect([...trie[1]!.counts]).toEqual([1, 1, 1, 1, 1, 2])
  })

  it.each([
    ['another format', changed({}, { format: 'x' }), 'expected the format \'heddle-ngram\', got "x".'],
    ['a newer version', changed({}, { version: '2' }), 'expected version 1, got "2". Update @heddle/ngram.'],
    ['no order', changed({}, { order: '-1' }), 'expected order above 0, got "-1".'],
    [
      'a vocabulary of gigabytes',
      changed({}, { vocabSize: '2147483646' }),
      'expected a vocabSize of at most 4194304, got 2147483646.',
    ],
    ['a level too few', changed({}, { order: '3' }), 'expected 9 tensors, got 6.'],
    ['counts that are missing', changed({ '2.counts': vector(1) }), 'n-grams of length 2: expected 6 counts, got 1.'],
    [
      'a negative count',
      changed({ '2.counts': vector(1, 1, 1, 1, -1, 2) }),
      'expected counts of at least 0, got a negative one.',
    ],
    ['starts of another level', changed({ '2.starts': vector(0, 6) }), 'expected 5 starts, got 2.'],
    [
      'starts that do not cover the n-grams',
      changed({ '2.starts': vector(0, 2, 4, 5, 5) }),
      'expected starts from 0 to 6, got 0 to 5.',
    ],
    [
      'starts that descend',
      changed({ '2.starts': vector(0, 2, 1, 5, 6) }),
      'expected starts in ascending order, got others.',
    ],
    [
      'tokens out of order',
      changed({ '2.tokens': vector(2, 1, 1, 2, 1, 0) }),
      'expected ascending tokens up to 3, got 1 after 2.',
    ],
    ['a token outside the vocabulary', changed({ '2.tokens': vector(1, 4, 1, 2, 1, 0) }), 'got 4 after 1.'],
    [
      'a tensor of floats',
      changed({ '1.tokens': { dtype: 'F32', shape: [4], bytes: new Uint8Array(16) } }),
      "expected a tensor '1.tokens' of I32",
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readNgramFile(bytes, 'm.safetensors')).toThrow(message)
    expect(() => readNgramFile(bytes, 'm.safetensors')).toThrow(/^m\.safetensors: /)
  })

  it('leaves n-grams whose ends are no n-grams to the model to refuse', () => {
    expect(() => NgramModel.fromBytes(changed({ '2.tokens': vector(1, 3, 1, 2, 1, 0) }))).toThrow(
      'expected the end of every n-gram of length 2',
    )
  })
})
