import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu, expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

describe('stridedSlice', () => {
  it.each<[number[], number[], number[], number[], number[]?]>([
    [[5], [0], [5], [2]],
    [[5], [4], [0], [-1]],
    [[5], [3], [3], [1]],
    [
      [6, 7],
      [1, 0],
      [6, 7],
      [2, 3],
    ],
    [
      [6, 7],
      [5, 6],
      [0, 0],
      [-2, -1],
    ],
    [
      [6, 7],
      [0, 2],
      [6, 3],
      [1, 1],
    ],
    [
      [6, 7],
      [1, 1],
      [5, 6],
      [1, 2],
      [1, 2, 0, 0, 0],
    ],
    [
      [3, 4, 5],
      [0, 0, 1],
      [3, 4, 5],
      [1, 2, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 0, 0, 0],
      [2, 3, 4, 5],
      [1, 2, 1, 2],
    ],
    [
      [2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5],
      [0, 0, 0, 0, 0],
      [-1, -1, -1, -1, -2],
    ],
  ])('is the one of the cpu backend: %j from %j to %j by %j', async (shape, begin, end, strides, masks = []) => {
    await expectSameAsCpu((make) => tf.stridedSlice(make.normal(shape), begin, end, strides, ...masks))
  })

  it('takes one place of a shrunk axis, which the cpu backend confuses with the next axis', async () => {
    await useWasm()
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 42), [6, 7])
      expect([...tf.stridedSlice(x, [2, 1], [3, 6], [1, 2], 0, 0, 0, 0, 1).dataSync()]).toEqual([15, 17, 19])
    })
  })

  it('keeps integers integers', async () => {
    await useWasm()
    tf.tidy(() => {
      const slice = tf.stridedSlice(tf.tensor1d([16777217, 2, 3], 'int32'), [0], [3], [2])
      expect(slice.dtype).toBe('int32')
      expect([...slice.dataSync()]).toEqual([16777217, 3])
    })
  })
})

describe('reverse', () => {
  it.each<[number[], number[] | number | undefined]>([
    [[1], 0],
    [[0], 0],
    [[7], 0],
    [
      [3, 0],
      [0, 1],
    ],
    [[3, 5], 0],
    [[3, 5], 1],
    [[3, 5], undefined],
    [
      [3, 4, 5],
      [0, 2],
    ],
    [[2, 3, 4, 17], [1]],
    [
      [2, 3, 4, 5],
      [1, 3],
    ],
    [
      [2, 2, 2, 2, 3, 2],
      [0, 2, 4],
    ],
  ])('is the one of the cpu backend: %j along %j', async (shape, axes) => {
    await expectSameAsCpu((make) => [
      tf.reverse(make.normal(shape), axes),
      tf.reverse(make.integers(shape, -9, 9), axes),
    ])
  })

  it('leaves a number as it is', async () => {
    await expectSameAsCpu(() => tf.reverse(tf.scalar(3)))
  })
})

describe('split and unstack', () => {
  it.each<[number[], number[] | number, number]>([
    [[4], 2, 0],
    [[6, 8], 4, 1],
    [[6, 8], [1, 0, 7], 1],
    [[6, 8], [2, 4], 0],
    [[3, 9, 5], 3, 1],
    [[3, 9, 5], 3, -2],
    [[0, 4], 2, 1],
    [[2, 3, 2, 2, 3, 4], 2, 3],
  ])('splits %j into %j along %j as the cpu backend does', async (shape, sizes, axis) => {
    await expectSameAsCpu((make) => tf.split(make.normal(shape), sizes, axis))
    await expectSameAsCpu((make) => tf.split(make.integers(shape, -9, 9), sizes, axis))
  })

  it.each<[number[], number]>([
    [[1], 0],
    [[5], 0],
    [[3, 4], 0],
    [[3, 4], 1],
    [[3, 4, 5], 1],
    [[3, 4, 5], -1],
    [[3, 0, 2], 2],
    [[64, 20, 30], 1],
  ])('unstacks %j along %j as the cpu backend does', async (shape, axis) => {
    await expectSameAsCpu((make) => tf.unstack(make.normal(shape), axis))
  })

  it('have the gradients of the cpu backend', async () => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal([4, 6])],
      (x) => tf.add(tf.split(x!, 2, 1)[1]!, tf.mul(tf.split(x!, 2, 1)[0]!, 2)),
    )
    await expectSameGradientsAsCpu(
      (make) => [make.normal([4, 3, 2])],
      (x) => tf.mul(tf.unstack(x!, 1)[0]!, tf.unstack(x!, 1)[2]!),
    )
  })

  it('split refuses sizes that do not add up', async () => {
    await useWasm()
    tf.tidy(() => {
      expect(() => tf.split(tf.zeros([5]), [2, 2])).toThrow()
    })
  })
})
