import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { RMSNorm } from './rms-norm.ts'

layerContract('RMSNorm', {
  make: (rng) => new RMSNorm({ size: 5 }, rng),
  inputs: (rng) => [randomTensor(rng, [2, 3, 5])],
  shapes: [[2, 3, 5]],
})

describe('RMSNorm', () => {
  beforeAll(useCpu)

  it('gives each row a mean square of 1 and keeps its direction', () => {
    const x = randomTensor(new RandomStream(2), [3, 8])
    const y = new RMSNorm({ size: 8 }, new RandomStream(1)).forward(x)
    expectClose(tf.mean(tf.square(y), 1), tf.ones([3]))
    const ratio = tf.div(y, x)
    expectClose(ratio, tf.broadcastTo(tf.slice(ratio, [0, 0], [3, 1]), [3, 8]))
  })

  it('refuses an input of another size', () => {
    expect(() => new RMSNorm({ size: 8 }, new RandomStream(1)).forward(tf.zeros([3, 7]))).toThrow(/RMSNorm: expected x/)
  })
})
