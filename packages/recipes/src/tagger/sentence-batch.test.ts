import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { sentenceBatch } from './sentence-batch.ts'

beforeAll(useCpu)

describe('sentenceBatch', () => {
  it('spells each different word of a batch once', () => {
    const word = (id: number, ...spelling: number[]) => ({ id, spelling })
    const { inputs, labels } = sentenceBatch([
      { words: [word(1, 2, 3), word(2, 4), word(1, 2, 3)], labels: [0, 1, 2] },
      { words: [word(0, 5, 6, 7, 8)], labels: [1] },
    ])
    const [spellings, letterCounts, wordIds, places, lengths] = inputs.map((tensor) => tensor.arraySync())
    expect(spellings).toHaveLength(3)
    expect(letterCounts).toEqual([2, 1, 4])
    expect(wordIds).toEqual([1, 2, 0])
    expect((places as number[][])[0]).toEqual([0, 1, 0])
    expect(lengths).toEqual([3, 1])
    tf.dispose([...inputs, labels])
  })
})
