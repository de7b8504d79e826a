import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { NgramLanguageModel } from './ngram-language-model.ts'

beforeAll(useCpu)

describe('NgramLanguageModel', () => {
  it('steps to the probabilities that the counts give, for each row of a batch', async () => {
    const model = new NgramLanguageModel({ vocabSize: 3, order: 3 })
    await model.count([0, 1, 2, 0, 1, 1, 2, 2, 0, 1])
    const before = tf.memory().numTensors
    const logits = tf.tidy(() => {
      const ids = tf.tensor2d([0, 1, 2, 2, 2, 0], [2, 3], 'int32')
      return model.forward(ids).logits.arraySync()
    }) as number[][][]
    const expected = [
      [[0], [0, 1], [1, 2]],
      [[2], [2, 2], [2, 0]],
    ].map((row) => row.map((context) => [...model.counted.logProbabilities(context)]))
    expect(logits.flat(2)).toEqual(expected.flat(2).map((value) => expect.closeTo(value, 5)))
    expect(tf.memory().numTensors).toBe(before)
  })

  it('refuses to be used uncounted, and counts of other sizes', async () => {
    const model = new NgramLanguageModel({ vocabSize: 3, order: 2 })
    expect(() => model.counted).toThrow('expected counts, got none')
    const other = new NgramLanguageModel({ vocabSize: 3, order: 3 })
    await other.count([0, 1, 2])
    await expect(model.load(other.toBytes(), 'model.safetensors')).rejects.toThrow(
      'of order 2 over 3 tokens, got order 3',
    )
  })
})
