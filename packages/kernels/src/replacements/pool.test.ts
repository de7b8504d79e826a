import { enableGradients } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

type Pad = 'same' | 'valid' | number
type Mode = 'floor' | 'ceil' | 'round'
type Case = readonly [image: number[], size: number | [number, number], stride: number, pad: Pad, mode?: Mode]

const cases: readonly Case[] = [
  [[1, 1, 1, 1], 1, 1, 'valid'],
  [[2, 5, 6, 3], 2, 2, 'valid'],
  [[2, 5, 6, 3], 2, 2, 0, 'floor'],
  [[2, 7, 7, 9], 3, 1, 'valid'],
  [[2, 7, 8, 4], 3, 2, 'same'],
  [[1, 6, 6, 17], [3, 2], 2, 'same'],
  [[1, 6, 6, 5], 3, 2, 1, 'floor'],
  [[0, 4, 4, 2], 2, 2, 'valid'],
  [[3, 24, 24, 32], 2, 2, 'valid'],
]

beforeAll(enableGradients)

describe('pooling', () => {
  it.each(cases.map((given) => [given]))(
    'gives maxPool the value and gradient of the cpu backend: %j',
    async (given) => {
      const [image, size, stride, pad, mode] = given
      await expectSameGradientsAsCpu(
        (make) => [make.normal(image)],
        (x) => tf.maxPool(x as tf.Tensor4D, size, stride, pad, mode),
      )
    },
  )

  it.each(cases.map((given) => [given]))('gives avgPool the value of the cpu backend: %j', async (given) => {
    const [image, size, stride, pad, mode] = given
    await expectSameAsCpu((make) => tf.avgPool(make.normal(image) as tf.Tensor4D, size, stride, pad, mode))
  })

  it.each(cases.map((given) => [given]))(
    'gives avgPool the gradient of the same mean as products: %j',
    async (given) => {
      const [image, size, stride, pad, mode] = given
      await useWasm()
      tf.tidy(() => {
        const pool = (x: tf.Tensor) => tf.avgPool(x as tf.Tensor4D, size, stride, pad, mode)
        const make = testTensors(5)
        const x = make.normal(image)
        const [dy, dx] = [make.normal(pool(x).shape), make.normal(image)]
        const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(pool(x), dy)))(x)
        // The mean is linear: its change along dx is the mean of dx.
        const along = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!
        expect(along(gradient, dx)).toBeCloseTo(along(dy, pool(dx)), 3)
      })
    },
  )

  it('gives the gradient of the first of several largest pixels, and none for NaN', async () => {
    await useWasm()
    tf.tidy(() => {
      const x = tf.tensor4d([3, 3, Number.NaN, 1, 2, 3, Number.NaN, Number.NaN], [1, 2, 4, 1])
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid')))(x)
      expect([...gradient.dataSync()]).toEqual([1, 0, 0, 1, 0, 0, 0, 0])
    })
  })

  it('leaves NaN out of the largest and takes it into the mean, as the cpu backend does', async () => {
    await expectSameAsCpu(() => {
      const x = tf.tensor4d([3, Number.NaN, 1, 4, 5, 6], [1, 2, 3, 1])
      return [tf.maxPool(x, 2, 1, 'valid'), tf.avgPool(x, 2, 1, 'valid')]
    })
  })

  it('writes all of a result whose windows lie in the padding', async () => {
    await expectSameAsCpu((make) => {
      const x = make.normal([2, 4, 5, 6]) as tf.Tensor4D
      return [tf.maxPool(x, 1, 2, 1, 'floor'), tf.maxPool(x, 2, 3, 3, 'floor'), tf.avgPool(x, 2, 3, 3, 'floor')]
    })
  })

  it('follows a rounding mode that tfjs does not hand on', async () => {
    await useWasm()
    tf.tidy(() => {
      const x = testTensors(1).normal([1, 5, 5, 3]) as tf.Tensor4D
      const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.maxPool(x as tf.Tensor4D, 2, 2, 0, 'ceil')))(x)
      expect(tf.sum(gradient).dataSync()[0]).toBe(27)
    })
  })

  it('refuses a dy of another size', async () => {
    await useWasm()
    tf.tidy(() => {
      const inputs = { dy: tf.zeros([1, 4, 4, 1]), input: tf.zeros([1, 4, 4, 1]) }
      const attrs = { filterSize: 2, strides: 2, pad: 'valid' }
      expect(() => tf.engine().runKernel('AvgPoolGrad', inputs, attrs)).toThrow(
        /avgPoolGrad: expected dy float32 \[1,2,2,1\], got float32 \[1,4,4,1\]/,
      )
    })
  })
})
