import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const operations = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min }

const cases = [
  [[], []],
  [[1], [0]],
  [[7], [0]],
  [[5, 33], [1]],
  [[5, 33], [0]],
  [
    [5, 33],
    [0, 1],
  ],
  [[3, 4, 5], [1]],
  [
    [3, 4, 37],
    [0, 1],
  ],
  [
    [3, 4, 5],
    [1, 2],
  ],
  [
    [3, 4, 5],
    [0, 2],
  ],
  [[2, 3, 4, 5], [-1]],
  [[5000, 9], [0]],
  [[9, 5000], [1]],
  [[2, 3], []],
  [
    [300, 200],
    [0, 1],
  ],
] as const

describe('reductions', () => {
  it.each(Object.entries(operations))('%s agrees with the cpu backend along any axes', async (_, reduce) => {
    for (const [shape, axes] of cases) {
      for (const keepDims of [false, true]) {
        await expectSameAsCpu(
          (make) => reduce(make.normal(shape), axes.length === 0 ? undefined : [...axes], keepDims),
          {
            tolerance: 1e-4,
          },
        )
      }
    }
  })

  it.each(Object.entries(operations))('%s keeps NaN wherever it stands', async (_, reduce) => {
    await useWasm()
    for (const length of [1, 3, 8, 11, 20]) {
      for (let at = 0; at < length; at++) {
        const values = Array.from({ length }, (__, i) => (i === at ? Number.NaN : i))
        expect(reduce(tf.tensor1d(values)).dataSync()[0]).toBeNaN()
        expect(reduce(tf.tensor2d(values, [length, 1]), 0).dataSync()[0]).toBeNaN()
      }
    }
  })

  it.each(Object.entries(operations))('%s keeps infinities', async (_, reduce) => {
    const { POSITIVE_INFINITY: plus, NEGATIVE_INFINITY: minus } = Number
    await expectSameAsCpu(() =>
      reduce(tf.tensor2d([plus, 1, 2, minus, 3, 4, minus, minus, minus, plus, minus, 0], [4, 3]), 1),
    )
  })

  it('sum loses no more than a rounding over a million numbers', async () => {
    await useWasm()
    const x = tf.fill([1 << 20], 0.1)
    expect(tf.sum(x).dataSync()[0]).toBeCloseTo(Math.fround(0.1) * 2 ** 20, 0)
  })

  it('give the result of tfjs for empty tensors', async () => {
    await expectSameAsCpu(() => [tf.sum(tf.zeros([0, 3]), 0), tf.sum(tf.zeros([3, 0]), 1)])
  })

  it('have the gradients of the cpu backend', async () => {
    for (const reduce of Object.values(operations)) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([3, 4, 5])],
        (x) => reduce(x!, 1),
      )
    }
  })
})
