import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

// x, indices, axis, dimensions of the batch.
type Case = readonly [x: number[], indices: number[], axis: number, batchDims?: number]
const cases: readonly Case[] = [
  [[1], [1], 0],
  [[7], [3], 0],
  [[7, 5], [4], 0],
  [[7, 5], [4, 2], 0],
  [[7, 5], [0], 0],
  [[7, 0], [3], 0],
  [[7, 5], [9], 1],
  [[3, 4, 5], [6], 1],
  [[3, 4, 5], [2, 3], 2],
  [[3, 4, 5], [3, 2], 1, 1],
  [[3, 4, 5, 6], [3, 4], 2, 1],
  [[3, 4, 5], [3, 4, 2], 2, 2],
  [[40, 700], [30], 0],
  [[40, 70], [500], 1],
]

describe('gather', () => {
  it.each(cases.map((given) => [given]))(
    'is the one of the cpu backend: %j',
    async ([shape, ids, axis, batchDims = 0]) => {
      await expectSameAsCpu((make) => {
        const indices = make.integers(ids, 0, shape[axis]!) as tf.Tensor1D
        return [
          tf.gather(make.normal(shape), indices, axis, batchDims),
          tf.gather(make.integers(shape, -9, 9), indices, axis, batchDims),
        ]
      })
    },
  )

  it('has the gradient of the cpu backend', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([6, 5])],
      (x) => tf.gather(x!, tf.tensor1d([0, 5, 5, 2], 'int32')),
    )
  })

  it('refuses indices that name nothing', async () => {
    await useWasm()
    tf.tidy(() => {
      const x = tf.zeros([3, 4])
      expect(() => tf.gather(x, tf.tensor1d([0, 3], 'int32'))).toThrow('gather: expected indices from 0 to 2, got 3')
      expect(() => tf.gather(x, tf.tensor1d([-1], 'int32'), 1)).toThrow('gather: expected indices from 0 to 3, got -1')
    })
  })
})
