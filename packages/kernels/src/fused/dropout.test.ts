import { RandomStream } from '@heddle/core'
import { dropout } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

describe('HeddleDropout', () => {
  it.each([[1], [3], [16], [5, 7], [64, 65], [3, 100, 100]])(
    'draws the mask of the reference for %j',
    async (...shape) => {
      for (const rate of [0.1, 0.5, 0.999]) {
        await expectSameGradientsAsCpu(
          (make) => [make.normal(shape)],
          (x) => dropout(x!, rate, new RandomStream(7)),
        )
      }
    },
  )

  it('drops everything at rate 1 and works on nothing', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([9])],
      (x) => dropout(x!, 1, new RandomStream(7)),
    )
    await expectSameGradientsAsCpu(
      (make) => [make.normal([0, 3])],
      (x) => dropout(x!, 0.5, new RandomStream(7)),
    )
  })

  it('refuses integers', () => {
    expect(() => dropout(tf.tensor1d([1, 2], 'int32'), 0.5, new RandomStream(7))).toThrow(
      'expected x float32, got int32 [2]',
    )
  })
})
