import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

describe('softmax', () => {
  it('agrees with the cpu backend', async () => {
    for (const shape of [[1], [7], [0, 3], [5, 1], [3, 4, 33], [700, 65]]) {
      await expectSameAsCpu((make) => tf.softmax(make.normal(shape, 5)))
    }
  })

  it('has the gradient of the cpu backend', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([6, 19], 3)],
      (x) => tf.softmax(x!),
    )
  })

  it('does not overflow, and gives masked places no weight', async () => {
    await useWasm()
    expect([...tf.softmax(tf.tensor1d([1000, 1000, -1000])).dataSync()]).toEqual([0.5, 0.5, 0])
    expect([...tf.softmax(tf.tensor1d([0, Number.NEGATIVE_INFINITY])).dataSync()]).toEqual([1, 0])
  })
})
