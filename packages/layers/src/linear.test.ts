import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { constant } from './initializers.ts'
import { Linear, linear } from './linear.ts'

layerContract('Linear', {
  make: (rng) => new Linear({ inputSize: 4, outputSize: 3 }, rng),
  inputs: (rng) => [randomTensor(rng, [2, 5, 4])],
  shapes: [[2, 5, 3]],
})

layerContract('Linear without a bias', {
  make: (rng) => new Linear({ inputSize: 4, outputSize: 3, bias: false }, rng),
  inputs: (rng) => [randomTensor(rng, [5, 4])],
  shapes: [[5, 3]],
})

describe('Linear', () => {
  beforeAll(useCpu)

  it('multiplies by weight [in, out] and adds the bias', () => {
    const weight = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3])
    expectClose(linear(tf.tensor([[1, 10]]), weight, tf.tensor([100, 200, 300])), tf.tensor([[141, 252, 363]]))
  })

  it('starts uniform within one over the root of its inputs', () => {
    const { weight } = new Linear({ inputSize: 25, outputSize: 40 }, new RandomStream(1))
    const values = [...weight.value.dataSync()]
    expect(Math.max(...values)).toBeLessThanOrEqual(0.2)
    expect(Math.max(...values)).toBeGreaterThan(0.19)
    expect(Math.min(...values)).toBeLessThan(-0.19)
  })

  it('starts from other initializers where they are given', () => {
    const layer = new Linear({ inputSize: 2, outputSize: 2 }, new RandomStream(1), { bias: constant(3) })
    expect([...layer.bias!.value.dataSync()]).toEqual([3, 3])
    expect(new Set(layer.weight.value.dataSync()).size).toBe(4)
  })

  it('refuses an input of another size, and a config with an unknown or wrong field', () => {
    const rng = new RandomStream(1)
    expect(() => new Linear({ inputSize: 4, outputSize: 3 }, rng).forward(tf.zeros([2, 5]))).toThrow(
      /Linear: expected x \[\.\.\., 4\], got \[2,5\]/,
    )
    expect(() => new Linear({ inputSize: 0, outputSize: 3 }, rng)).toThrow(/^Linear: 'inputSize'/)
    expect(() => new Linear({ inputSize: 4, outputsize: 3 } as never, rng)).toThrow(/Did you mean 'outputSize'/)
  })
})
