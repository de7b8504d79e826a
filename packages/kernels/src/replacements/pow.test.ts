import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

it('pow is the one of the cpu backend, in value and gradient', async () => {
  for (const shape of [[], [0], [1], [3, 7], [40, 33]]) {
    for (const exponent of [2, -1, 3, 0.5]) {
      await expectSameAsCpu((make) => tf.pow(tf.add(tf.abs(make.normal(shape)), 0.1), exponent))
    }
  }
  await expectSameAsCpu((make) => tf.pow(make.normal([3, 5]), make.integers([5], 0, 4)))
  await expectSameGradientsAsCpu(
    (make) => [make.normal([3, 7])],
    (x) => tf.pow(x!, 2),
  )
})

it('pow with an exponent of higher rank has the rank of the exponent', async () => {
  await useWasm()
  tf.tidy(() => {
    expect(tf.pow(tf.tensor1d([2, 3]), tf.tensor2d([2], [1, 1])).shape).toEqual([1, 2])
  })
})
