import { RotaryPositions } from '@heddle/attention'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

// B batch, T steps, N heads, K size of a head

describe('HeddleRotary', () => {
  it.each([
    { shape: [1, 1, 1, 2], share: 1, offset: 0 },
    { shape: [2, 7, 3, 8], share: 1, offset: 0 },
    { shape: [2, 7, 3, 10], share: 1, offset: 5 },
    { shape: [3, 5, 2, 12], share: 0.5, offset: 2 },
    { shape: [4, 200, 4, 32], share: 1, offset: 0 },
    { shape: [0, 3, 2, 4], share: 1, offset: 0 },
  ])('agrees with the reference: %j', async ({ shape, share, offset }) => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal(shape)],
      (x) => new RotaryPositions({ headSize: shape[3]!, share }).rotate(x!, offset),
      { tolerance: 1e-5 },
    )
  })

  it('refuses tables of other sizes', () => {
    const run = (x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor) =>
      tf.engine().runKernel('HeddleRotary', { x, cos, sin }, { direction: 1 })
    tf.tidy(() => {
      const x = tf.ones([1, 3, 2, 4])
      expect(() => run(x, tf.ones([2, 2]), tf.ones([2, 2]))).toThrow(
        /expected cos float32 \[3,2\], got float32 \[2,2\]/,
      )
      expect(() => run(x, tf.ones([3, 2]), tf.ones([3, 1]))).toThrow(/expected sin float32 \[3,2\]/)
      expect(() => run(x, tf.ones([3, 3]), tf.ones([3, 3]))).toThrow(/expected cos \[T, at most 2\]/)
      expect(() => run(tf.ones([3, 4]), tf.ones([3, 2]), tf.ones([3, 2]))).toThrow(/expected x float32 \[B, T, N, K\]/)
    })
  })
})
