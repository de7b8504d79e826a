import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

describe('unsortedSegmentSum', () => {
  it('agrees with the cpu backend', async () => {
    for (const [I, D, S] of [
      [0, 3, 4],
      [1, 1, 1],
      [5, 0, 3],
      [7, 3, 2],
      [40, 17, 9],
      [300, 65, 33],
    ] as const) {
      await expectSameAsCpu((make) =>
        tf.unsortedSegmentSum(make.normal([I, D]), make.integers([I], 0, S) as tf.Tensor1D, S),
      )
    }
  })

  it('drops ids that name no segment', async () => {
    await useWasm()
    const sum = tf.unsortedSegmentSum(tf.tensor2d([[1], [2], [4], [8]]), tf.tensor1d([0, -1, 5, 1], 'int32'), 2)
    expect([...sum.dataSync()]).toEqual([1, 8])
  })

  it('adds integers to integers', async () => {
    await expectSameAsCpu((make) =>
      tf.cast(
        tf.unsortedSegmentSum(make.integers([20, 3], -9, 9), make.integers([20], 0, 4) as tf.Tensor1D, 4),
        'float32',
      ),
    )
  })

  it('makes embeddings trainable: the gradient of gather agrees', async () => {
    for (const D of [1, 6, 64]) {
      const ids = [3, 0, 0, 7, 3, 3]
      await expectSameGradientsAsCpu(
        (make) => [make.normal([8, D])],
        (table) => tf.gather(table, tf.tensor2d(ids, [2, 3], 'int32')),
      )
    }
  })

  it('refuses ids that do not fit', async () => {
    await useWasm()
    const kernel = tf.getKernel('UnsortedSegmentSum', 'wasm')
    expect(() =>
      kernel.kernelFunc({
        inputs: { x: tf.zeros([3, 2]), segmentIds: tf.zeros([4], 'int32') },
        attrs: { numSegments: 2 },
        backend: tf.backend(),
      }),
    ).toThrow(/unsortedSegmentSum: expected x \[4, ...\]/)
  })
})
