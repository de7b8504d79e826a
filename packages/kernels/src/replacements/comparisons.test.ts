import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { expectSameAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

const comparisons = {
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  equal: tf.equal,
  notEqual: tf.notEqual,
}

// Shapes that broadcast against each other.
const shapes: readonly (readonly [number[], number[]])[] = [
  [[], []],
  [[0], [1]],
  [[1], [1]],
  [[3], [3]],
  [[16], [16]],
  [
    [5, 37],
    [5, 37],
  ],
  [[5, 37], [37]],
  [
    [5, 37],
    [5, 1],
  ],
  [[5, 37], []],
  [[1], [4, 19]],
  [
    [2, 1, 20],
    [3, 1],
  ],
  [
    [2, 3, 1, 17],
    [1, 5, 1],
  ],
  [
    [200, 200],
    [200, 200],
  ],
]

describe('comparisons', () => {
  it.each(Object.entries(comparisons))('%s is the one of the cpu backend', async (_, compare) => {
    for (const [a, b] of shapes) {
      await expectSameAsCpu((make) => [
        compare(make.integers(a, -2, 3), make.integers(b, -2, 3)),
        compare(make.normal(a), make.normal(b)),
        compare(tf.cast(make.integers(a, -2, 3), 'float32'), tf.cast(make.integers(b, -2, 3), 'float32')),
      ])
    }
  })

  it.each(Object.entries(comparisons))('%s knows NaN, infinities and large integers', async (_, compare) => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1]
    const integers = [2147483647, -2147483648, 16777217, 16777216, 0]
    await expectSameAsCpu(() => [
      compare(tf.tensor2d(values, [6, 1]), tf.tensor1d(values)),
      compare(tf.tensor2d(integers, [5, 1], 'int32'), tf.tensor1d(integers, 'int32')),
    ])
  })

  it('compares booleans as tfjs does', async () => {
    await expectSameAsCpu((make) => tf.equal(make.bits([40]), make.bits([40])))
  })

  it('refuses shapes that do not broadcast', async () => {
    await useWasm()
    tf.tidy(() => {
      expect(() => tf.greater(tf.zeros([3]), tf.zeros([4]))).toThrow(/could not be broadcast/)
    })
  })
})

describe('logical operations', () => {
  it.each(Object.entries({ and: tf.logicalAnd, or: tf.logicalOr, xor: tf.logicalXor }))(
    '%s is the one of the cpu backend',
    async (_, combine) => {
      for (const [a, b] of shapes) await expectSameAsCpu((make) => combine(make.bits(a), make.bits(b)))
    },
  )

  it('takes any byte but 0 as true', async () => {
    await useWasm()
    tf.tidy(() => {
      const bytes = tf.tensor1d(
        Uint8Array.from({ length: 19 }, (_, i) => i),
        'bool',
      )
      const ones = tf.ones([19], 'bool')
      expect([...tf.logicalAnd(bytes, ones).dataSync()]).toEqual([0, ...new Array(18).fill(1)])
    })
  })
})
