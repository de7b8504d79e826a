import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Embedding, embedding } from './embedding.ts'
import { valueAndGradients } from './gradients.ts'

const ids = () => tf.tensor([1, 0, 5, 1, 2, 0], [2, 3], 'int32')

layerContract('Embedding', {
  make: (rng) => new Embedding({ numEmbeddings: 6, embeddingSize: 4 }, rng),
  inputs: () => [ids()],
  shapes: [[2, 3, 4]],
})

describe('Embedding', () => {
  beforeAll(useCpu)

  it('gives what a one-hot vector times the table gives', () => {
    const layer = new Embedding({ numEmbeddings: 6, embeddingSize: 4 }, new RandomStream(1))
    const oneHot = tf.cast(tf.oneHot(tf.reshape(ids(), [-1]) as tf.Tensor1D, 6), 'float32') as tf.Tensor2D
    const product = tf.reshape(tf.matMul(oneHot, layer.weight.value as tf.Tensor as tf.Tensor2D), [2, 3, 4])
    expectClose(layer.forward(ids()), product)
  })

  it('the padding row starts at zero and gets no gradient; the others do, once for each use', () => {
    const layer = new Embedding({ numEmbeddings: 6, embeddingSize: 2, paddingIndex: 0 }, new RandomStream(1))
    const { gradients } = valueAndGradients(layer, () => tf.sum(layer.forward(ids())) as tf.Scalar)
    expect([...layer.weight.value.dataSync().slice(0, 2)]).toEqual([0, 0])
    expect(gradients.get(layer.weight)!.arraySync()).toEqual([
      [0, 0],
      [2, 2],
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ])
  })

  it('its initial values have the standard deviation that is asked for', () => {
    const spread = (config: object) => {
      const layer = new Embedding({ numEmbeddings: 50, embeddingSize: 40, ...config }, new RandomStream(1))
      return Math.sqrt(tf.mean(tf.square(layer.weight.value)).dataSync()[0]!)
    }
    expect(spread({})).toBeCloseTo(1, 1)
    expect(spread({ standardDeviation: 0.02 })).toBeCloseTo(0.02, 2)
  })

  it('refuses ids that are not integers, and a padding row that it does not have', () => {
    const rng = new RandomStream(1)
    expect(() => new Embedding({ numEmbeddings: 6, embeddingSize: 4 }, rng).forward(tf.zeros([2]))).toThrow(
      /expected int32 ids, got float32/,
    )
    expect(() => new Embedding({ numEmbeddings: 6, embeddingSize: 4, paddingIndex: 6 }, rng)).toThrow(
      /expected paddingIndex below numEmbeddings \(6\), got 6/,
    )
  })

  it('refuses ids that name no row', () => {
    const table = tf.zeros([6, 2])
    for (const id of [6, -1]) {
      expect(() => embedding(tf.tensor1d([0, id], 'int32'), table)).toThrow(new RegExp(`ids from 0 to 5, got ${id}`))
    }
  })
})
