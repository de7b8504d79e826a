import { philox4x32, RandomStream } from '@heddle/core'
import { layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Dropout, dropout } from './dropout.ts'
import { enableGradients } from './gradients.ts'

layerContract('Dropout', {
  make: (rng) => new Dropout({ rate: 0.4 }, rng),
  inputs: (rng) => [randomTensor(rng, [4, 6])],
  shapes: [[4, 6]],
  random: true,
})

describe('dropout', () => {
  beforeAll(async () => {
    await useCpu()
    enableGradients()
  })

  it('zeroes about its share and scales the rest, so that the mean stays', () => {
    const values = [...dropout(tf.ones([100, 100]), 0.25, new RandomStream(1)).dataSync()]
    expect(new Set(values)).toEqual(new Set([0, Math.fround(4 / 3)]))
    expect(values.filter((value) => value === 0).length / values.length).toBeCloseTo(0.25, 1)
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(1, 1)
  })

  it('its mask is that of the counter-based generator, element by element', () => {
    const rng = new RandomStream(3)
    const key = [rng.uint32(), rng.uint32()] as const
    const expected = [0, 1].flatMap((block) =>
      philox4x32([block, 0, 0, 0], key).map((word) => (word >= 0.5 * 2 ** 32 ? 2 : 0)),
    )
    expect([...dropout(tf.ones([7]), 0.5, new RandomStream(3)).dataSync()]).toEqual(expected.slice(0, 7))
  })

  it('the gradient has the same mask', () => {
    const x = tf.ones([20])
    let y: tf.Tensor | undefined
    const { grads } = tf.engine().gradients(() => {
      y = tf.keep(dropout(x, 0.5, new RandomStream(1)))
      return tf.sum(y) as tf.Scalar
    }, [x])
    expect([...grads[0]!.dataSync()]).toEqual([...y!.dataSync()])
  })

  it('a rate of 0 changes nothing and draws nothing, a rate of 1 leaves zeros', () => {
    const rng = new RandomStream(1)
    const x = tf.tensor([1, 2])
    expect(dropout(x, 0, rng)).toBe(x)
    expect(rng.state().drawn).toBe(0)
    expect([...dropout(x, 1, rng).dataSync()]).toEqual([0, 0])
    expect(() => dropout(x, 1.5, rng)).toThrow(/expected a rate from 0 to 1, got 1.5/)
    expect(() => new Dropout({ rate: -0.1 }, rng)).toThrow(/^Dropout: 'rate'/)
  })
})
