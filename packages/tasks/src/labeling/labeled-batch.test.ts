import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { IGNORED, tokenBatch, vectorBatch } from './labeled-batch.ts'

beforeAll(useCpu)

describe('tokenBatch', () => {
  it('pads token ids and gives one label a sequence', () => {
    const { inputs, labels, numLabels } = tokenBatch(
      [
        { input: [5, 6, 7], labels: [1] },
        { input: [8], labels: [0] },
      ],
      'sequence',
      9,
    )
    expect(inputs.map((tensor) => tensor.arraySync())).toEqual([
      [
        [5, 6, 7],
        [8, 9, 9],
      ],
      [3, 1],
    ])
    expect(labels.arraySync()).toEqual([1, 0])
    expect(numLabels).toBe(2)
    tf.dispose([...inputs, labels])
  })

  it('gives steps past the end a label that does not count', () => {
    const examples = [
      { input: [5, 6], labels: [1, 2] },
      { input: [8], labels: [0] },
    ]
    const { inputs, labels, numLabels } = tokenBatch(examples, 'step', 0)
    expect(labels.arraySync()).toEqual([
      [1, 2],
      [0, IGNORED],
    ])
    expect(numLabels).toBe(3)
    tf.dispose([...inputs, labels])
  })
})

describe('vectorBatch', () => {
  it('lays steps out as vectors, scaled, with zeros past the end', () => {
    const examples = [
      { input: [1, 2, 3, 4], labels: [0] },
      { input: [5, 7], labels: [1] },
    ]
    const { inputs, labels } = vectorBatch(examples, 'sequence', { featureSize: 2, mean: 1, deviation: 2 })
    expect(inputs[0]!.arraySync()).toEqual([
      [
        [0, 0.5],
        [1, 1.5],
      ],
      [
        [2, 3],
        [0, 0],
      ],
    ])
    expect(inputs[1]!.arraySync()).toEqual([2, 1])
    tf.dispose([...inputs, labels])
  })

  it('refuses numbers that are not whole steps', () => {
    expect(() => vectorBatch([{ input: [1, 2, 3], labels: [0] }], 'sequence', { featureSize: 2 })).toThrow(
      'expected steps of 2 features, got 3 numbers',
    )
  })
})
