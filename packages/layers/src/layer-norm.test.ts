import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { LayerNorm } from './layer-norm.ts'

layerContract('LayerNorm', {
  make: (rng) => new LayerNorm({ size: 5 }, rng),
  inputs: (rng) => [randomTensor(rng, [2, 3, 5])],
  shapes: [[2, 3, 5]],
})

layerContract('LayerNorm without a bias', {
  make: (rng) => new LayerNorm({ size: 5, bias: false }, rng),
  inputs: (rng) => [randomTensor(rng, [2, 3, 5])],
  shapes: [[2, 3, 5]],
})

describe('LayerNorm', () => {
  beforeAll(useCpu)

  it('gives each row mean 0 and variance 1 at the start, whatever its scale and offset', () => {
    const layer = new LayerNorm({ size: 8 }, new RandomStream(1))
    const x = randomTensor(new RandomStream(2), [3, 8])
    const y = layer.forward(tf.add(tf.mul(x, 50), 7))
    expectClose(tf.mean(y, 1), tf.zeros([3]))
    expectClose(tf.mean(tf.square(y), 1), tf.ones([3]))
  })

  it('refuses an input of another size', () => {
    expect(() => new LayerNorm({ size: 8 }, new RandomStream(1)).forward(tf.zeros([3, 7]))).toThrow(
      /LayerNorm: expected x \[\.\.\., 8\]/,
    )
  })
})
