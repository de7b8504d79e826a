import { RandomStream } from '@heddle/core'
import { initializers, Linear, Parameter } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { gradientCheck } from './gradient-check.ts'
import { randomTensor } from './layer-contract.ts'
import { useCpu } from './use-cpu.ts'

describe('gradientCheck', () => {
  beforeAll(useCpu)
  const x = () => randomTensor(new RandomStream(1), [3, 4])
  const scaled = (factor: number) =>
    tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.mul(dy, tf.mul(x as tf.Tensor, factor)),
    }))

  it('passes right gradients with a small error', async () => {
    expect(await gradientCheck((x) => tf.tanh(x), [x()])).toBeLessThan(1e-3)
    expect(await gradientCheck((x) => scaled(2)(x), [x()])).toBeLessThan(1e-3)
  })

  it('finds a wrong gradient of an input and says where', async () => {
    await expect(gradientCheck((x) => scaled(2.1)(x), [x()])).rejects.toThrow(/input 0\[0\]: expected .* got /)
  })

  it('finds a gradient that does not arrive', async () => {
    const cut = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
    }))
    await expect(gradientCheck((x) => cut(x), [x()])).rejects.toThrow(/got 0 from gradients/)
  })

  it('finds a wrong gradient of a parameter, and puts its values back', async () => {
    const layer = new Linear({ inputSize: 4, outputSize: 2 }, new RandomStream(1))
    const before = [...layer.weight.value.dataSync()]
    await gradientCheck((x) => layer.forward(x), [x()], { root: layer })
    expect([...layer.weight.value.dataSync()]).toEqual(before)
    const own = { weight: new Parameter([3, 4], initializers.normal(), new RandomStream(1)) }
    await expect(gradientCheck(() => scaled(-2)(own.weight.value), [], { root: own })).rejects.toThrow(/weight\[0\]/)
  })

  it('with kinks, the slope of either side is right at one', async () => {
    const atKink = [tf.tensor([0, 1, -1])]
    await gradientCheck((x) => tf.relu(x), atKink, { kinks: true })
    await expect(gradientCheck((x) => tf.relu(x), atKink)).rejects.toThrow(
      /expected 0\.|expected -0\.|from differences/,
    )
  })

  it('leaves no tensor behind', async () => {
    const input = x()
    const before = tf.memory().numTensors
    await gradientCheck((x) => tf.sigmoid(x), [input])
    expect(tf.memory().numTensors).toBe(before)
  })
})
