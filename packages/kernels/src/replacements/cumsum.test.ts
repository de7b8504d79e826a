import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const directions = [false, true].flatMap((exclusive) => [false, true].map((reverse) => [exclusive, reverse] as const))

describe('cumsum', () => {
  it.each(directions)(
    'agrees with the cpu backend along every axis (exclusive %s, reverse %s)',
    async (exclusive, reverse) => {
      for (const shape of [[0], [1], [7], [3, 5], [3, 0], [2, 6, 9], [1, 4, 1]]) {
        for (const axis of shape.keys()) {
          await expectSameAsCpu((make) => [
            tf.cumsum(make.normal(shape), axis, exclusive, reverse),
            tf.cumsum(make.integers(shape, -9, 9), axis, exclusive, reverse),
          ])
        }
      }
    },
  )

  it('has the gradient of the cpu backend', async () => {
    for (const [exclusive, reverse] of directions) {
      await expectSameGradientsAsCpu(
        (make) => [make.normal([4, 9])],
        (x) => tf.cumsum(x, 1, exclusive, reverse),
      )
    }
  })

  it('counts a negative axis from the end, where the kernel of tfjs reads foreign memory', async () => {
    await useWasm()
    const x = tf.tensor2d([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect([...tf.cumsum(x, -1).dataSync()]).toEqual([1, 3, 6, 4, 9, 15])
    expect([...tf.cumsum(x, -2).dataSync()]).toEqual([1, 2, 3, 5, 7, 9])
  })

  it('refuses booleans', async () => {
    await useWasm()
    expect(() =>
      tf.engine().runKernel('Cumsum', { x: tf.zeros([2], 'bool') }, { axis: 0, exclusive: false, reverse: false }),
    ).toThrow(/cumsum: expected float32 or int32, got bool/)
  })
})
