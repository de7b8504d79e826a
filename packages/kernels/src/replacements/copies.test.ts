import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

function permutations(rank: number): number[][] {
  if (rank === 0) return [[]]
  return permutations(rank - 1).flatMap((rest) =>
    Array.from({ length: rank }, (_, at) => [...rest.slice(0, at), rank - 1, ...rest.slice(at)]),
  )
}

describe('transpose', () => {
  it.each([
    [[5]],
    [[17, 23]],
    [[1, 6]],
    [[0, 4]],
    [[3, 5, 7]],
    [[2, 9, 4, 18]],
    [[2, 3, 4, 3, 2]],
    [[2, 3, 1, 2, 3, 2]],
    [[130, 257]],
  ])('agrees with the cpu backend for %j in every order', async (shape) => {
    for (const perm of permutations(shape.length).slice(0, 150)) {
      await expectSameAsCpu((make) => tf.transpose(make.normal(shape), perm))
    }
  })

  it('moves integers and booleans too', async () => {
    await expectSameAsCpu((make) => [
      tf.transpose(make.integers([4, 6], -9, 9)),
      tf.cast(tf.transpose(make.bits([4, 6])), 'int32'),
    ])
  })
})

describe('slice', () => {
  it.each([
    [[9], [2], [5]],
    [
      [6, 7],
      [1, 2],
      [4, 3],
    ],
    [
      [6, 7],
      [0, 0],
      [6, 7],
    ],
    [
      [6, 7],
      [5, 0],
      [1, 7],
    ],
    [
      [6, 7],
      [2, 3],
      [0, 3],
    ],
    [
      [4, 5, 6],
      [1, 0, 2],
      [2, 5, 3],
    ],
    [
      [3, 4, 5, 6],
      [1, 1, 1, 1],
      [2, 2, 2, 2],
    ],
    [
      [3, 3, 3, 3, 3],
      [1, 1, 1, 1, 1],
      [2, 2, 2, 2, 2],
    ],
    [
      [300, 200],
      [7, 9],
      [290, 150],
    ],
  ])('of %j from %j by %j agrees with the cpu backend', async (shape, begin, size) => {
    await expectSameAsCpu((make) => [
      tf.slice(make.normal(shape), begin, size),
      tf.slice(make.integers(shape, -9, 9), begin, size),
    ])
  })

  it('leaves the tensor that it is taken from alone', async () => {
    await useWasm()
    const x = tf.tensor1d([1, 2, 3, 4])
    const part = tf.slice(x, 1, 2)
    x.dispose()
    expect([...part.dataSync()]).toEqual([2, 3])
  })

  it('serves split, stack, unstack and strided slices', async () => {
    await expectSameAsCpu((make) => {
      const x = make.normal([6, 4, 3])
      return [
        ...tf.split(x, 3, 0),
        ...tf.split(x, [1, 3], 1),
        ...tf.unstack(x, 1),
        tf.stack([x, x], 2),
        tf.reverse(x, 1),
      ]
    })
  })
})

describe('concat', () => {
  it.each([
    [
      0,
      [
        [2, 3],
        [1, 3],
        [0, 3],
      ],
    ],
    [
      1,
      [
        [2, 3],
        [2, 1],
        [2, 70],
      ],
    ],
    [
      -1,
      [
        [4, 2, 3],
        [4, 2, 5],
      ],
    ],
    [
      1,
      [
        [3, 1, 2],
        [3, 4, 2],
        [3, 2, 2],
      ],
    ],
  ])('along %i of %j agrees with the cpu backend', async (axis, shapes) => {
    await expectSameAsCpu((make) => [
      tf.concat(
        shapes.map((shape) => make.normal(shape)),
        axis,
      ),
      tf.concat(
        shapes.map((shape) => make.integers(shape, -9, 9)),
        axis,
      ),
    ])
  })
})

describe('tile', () => {
  it.each([
    [[3], [4]],
    [
      [2, 3],
      [1, 5],
    ],
    [
      [2, 3],
      [3, 1],
    ],
    [
      [2, 1, 3],
      [2, 4, 2],
    ],
    [
      [1, 1],
      [5, 6],
    ],
    [
      [2, 3],
      [0, 1],
    ],
    [
      [2, 2, 2, 2],
      [2, 1, 3, 2],
    ],
  ])('%j by %j agrees with the cpu backend', async (shape, reps) => {
    await expectSameAsCpu((make) => [tf.tile(make.normal(shape), reps), tf.tile(make.integers(shape, -9, 9), reps)])
  })

  it('serves broadcastTo', async () => {
    await expectSameAsCpu((make) => tf.broadcastTo(make.normal([3, 1, 4]), [2, 3, 5, 4]))
  })
})

describe('select', () => {
  it('agrees with the cpu backend', async () => {
    for (const shape of [[0], [1], [7], [3, 5], [40_003]]) {
      await expectSameAsCpu((make) => [
        tf.where(make.bits(shape), make.normal(shape), make.normal(shape)),
        tf.where(make.bits(shape), make.integers(shape, -9, 9), make.integers(shape, -9, 9)),
      ])
    }
  })

  it('broadcasts its condition', async () => {
    await expectSameAsCpu((make) => tf.where(make.bits([4, 1]), make.normal([4, 6]), make.normal([6])))
  })
})
