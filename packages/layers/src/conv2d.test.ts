import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { Conv2D } from './conv2d.ts'
import * as initializers from './initializers.ts'
import { MaxPool2D } from './max-pool2d.ts'
import { imagePatches } from './patches.ts'

layerContract('Conv2D', {
  make: (rng) =>
    new Conv2D({ inputChannels: 2, outputChannels: 3, kernelSize: 3, padding: 1, stride: 2, gain: 1.5 }, rng),
  inputs: (rng) => [randomTensor(rng, [2, 5, 4, 2])],
  shapes: [[2, 3, 2, 3]],
})

layerContract('MaxPool2D', {
  make: () => new MaxPool2D({ size: 2 }),
  inputs: (rng) => [randomTensor(rng, [2, 5, 4, 3])],
  shapes: [[2, 2, 2, 3]],
  gradient: { kinks: true },
})

describe('Conv2D', () => {
  beforeAll(useCpu)

  it('keeps the variance through ReLUs with a gain of √6, and loses it without', () => {
    const variance = (gain: number) => {
      const rng = new RandomStream(1)
      let x: tf.Tensor = randomTensor(rng, [2, 16, 16, 32])
      const sizes = { inputChannels: 32, outputChannels: 32, kernelSize: 3, padding: 1 }
      for (let layer = 0; layer < 4; layer++) {
        x = new Conv2D({ ...sizes, gain }, rng, { bias: initializers.zeros }).forward(tf.relu(x))
      }
      return tf.moments(x).variance.dataSync()[0]!
    }
    expect(variance(Math.sqrt(6))).toBeGreaterThan(0.3)
    expect(variance(1)).toBeLessThan(0.1)
  })

  it('starts from the initializers that it is given', () => {
    const initial = { weight: initializers.ones, bias: initializers.constant(2) }
    const conv = new Conv2D(
      { inputChannels: 1, outputChannels: 1, kernelSize: 2, gain: 3 },
      new RandomStream(1),
      initial,
    )
    expect(conv.forward(tf.ones([1, 2, 2, 1])).dataSync()[0]).toBe(4 * 3 + 2)
  })

  it('is at every place the window times the weights', () => {
    const conv = new Conv2D({ inputChannels: 2, outputChannels: 3, kernelSize: 2 }, new RandomStream(1))
    const images = randomTensor(new RandomStream(2), [1, 3, 3, 2])
    const window = tf.reshape(tf.slice(images, [0, 1, 1, 0], [1, 2, 2, 2]), [1, 8]) as tf.Tensor2D
    const weights = tf.reshape(conv.weight.value, [8, 3]) as tf.Tensor2D
    const expected = tf.add(tf.matMul(window, weights), conv.bias.value)
    expectClose(tf.reshape(tf.slice(conv.forward(images), [0, 1, 1, 0], [1, 1, 1, 3]), [1, 3]), expected)
  })

  it('refuses images of other channels or too small for its window', () => {
    const conv = new Conv2D({ inputChannels: 2, outputChannels: 3, kernelSize: 5 }, new RandomStream(1))
    expect(() => conv.forward(tf.zeros([1, 8, 8, 3]))).toThrow(/expected images \[B, Y, X, 2\]/)
    expect(() => conv.forward(tf.zeros([1, 8, 4, 2]))).toThrow(/at least 5 pixels a side/)
  })
})

describe('MaxPool2D', () => {
  beforeAll(useCpu)

  it('keeps the largest of each window, and leaves out an incomplete one', () => {
    const images = tf.tensor([1, 5, 9, 2, 3, 9, 7, 7, 7], [1, 3, 3, 1])
    expect([...new MaxPool2D({ size: 2 }).forward(images).dataSync()]).toEqual([5])
    expect([...new MaxPool2D({ size: 2, stride: 1 }).forward(images).dataSync()]).toEqual([5, 9, 7, 9])
    expect(() => new MaxPool2D({ size: 2 }).forward(tf.zeros([3, 3]))).toThrow(/expected images/)
  })
})

describe('imagePatches', () => {
  beforeAll(useCpu)

  it('cuts row by row, and each patch is read row by row', () => {
    const image = tf.tensor(
      Array.from({ length: 16 }, (_, i) => i),
      [1, 4, 4, 1],
      'float32',
    )
    expect(imagePatches(image, 2).arraySync()).toEqual([
      [
        [0, 1, 4, 5],
        [2, 3, 6, 7],
        [8, 9, 12, 13],
        [10, 11, 14, 15],
      ],
    ])
    expect(imagePatches(tf.zeros([3, 4, 8, 2]), 4).shape).toEqual([3, 2, 32])
    expect(() => imagePatches(tf.zeros([1, 4, 5, 1]), 2)).toThrow(/multiples of 2/)
  })
})
