import { embedding } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu, testTensors } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

describe('HeddleEmbedding', () => {
  it.each([
    { V: 1, D: 1, shape: [3] },
    { V: 9, D: 5, shape: [4, 3] },
    { V: 60, D: 64, shape: [32, 40] },
    { V: 50, D: 33, shape: [2, 3, 4] },
    { V: 4, D: 3, shape: [0, 2] },
  ])('agrees with the reference for [$V, $D] and ids $shape', async ({ V, D, shape }) => {
    for (const paddingIndex of [undefined, V - 1]) {
      const ids = testTensors(2).integers(shape, 0, V).dataSync()
      await expectSameGradientsAsCpu(
        (make) => [make.normal([V, D])],
        (table) => embedding(tf.tensor(ids, shape, 'int32'), table!, paddingIndex),
      )
    }
  })

  it('refuses ids that name no row', () => {
    tf.tidy(() => {
      const table = testTensors(1).normal([4, 3])
      expect(() => embedding(tf.tensor1d([0, 4], 'int32'), table)).toThrow('expected ids from 0 to 3, got 4')
      expect(() => embedding(tf.tensor1d([-1], 'int32'), table)).toThrow('got -1')
    })
  })
})
