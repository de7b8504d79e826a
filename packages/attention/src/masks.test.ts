import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { causalMask, combineMasks, maskBias, paddingMask, slidingWindowMask } from './masks.ts'

beforeAll(useCpu)

const rows = (mask: tf.Tensor) => mask.arraySync() as number[][]

describe('masks', () => {
  it('paddingMask is true at the real steps of each row', () => {
    expect(rows(paddingMask(tf.tensor([2, 0, 3], [3], 'int32'), 3))).toEqual([
      [1, 1, 0],
      [0, 0, 0],
      [1, 1, 1],
    ])
  })

  it('paddingMask refuses lengths that are not integers', () => {
    expect(() => paddingMask(tf.tensor([2, 1]), 3)).toThrow(/paddingMask: expected lengths \[B\] of int32, got float32/)
  })

  it('causalMask hides the future', () => {
    expect(rows(causalMask(3))).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [1, 1, 1],
    ])
  })

  it('with fewer queries than keys the queries are the last positions', () => {
    expect(rows(causalMask(2, 4))).toEqual([
      [1, 1, 1, 0],
      [1, 1, 1, 1],
    ])
    expect(() => causalMask(4, 2)).toThrow(/at least as many keys/)
  })

  it('slidingWindowMask also hides what lies too far back', () => {
    expect(rows(slidingWindowMask(4, 2))).toEqual([
      [1, 0, 0, 0],
      [1, 1, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 1, 1],
    ])
    expect(rows(slidingWindowMask(5, 5))).toEqual(rows(causalMask(5)))
    expect(() => slidingWindowMask(3, 0)).toThrow(/window of at least 1/)
  })

  it('combineMasks is true where all are, over broadcast shapes', () => {
    const padding = tf.expandDims(paddingMask(tf.tensor([1, 2], [2], 'int32'), 2), 1) // [2, 1, 2]
    expect(combineMasks(causalMask(2), padding).arraySync()).toEqual([
      [
        [1, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [1, 1],
      ],
    ])
  })

  it('a bias gives hidden keys a weight of exactly zero and keeps a wholly hidden row finite', () => {
    const scores = tf.tensor([
      [5, 80, -3],
      [1, 2, 3],
    ])
    const mask = tf.tensor(
      [
        [1, 0, 1],
        [0, 0, 0],
      ],
      [2, 3],
      'bool',
    )
    const weights = tf.softmax(tf.add(scores, maskBias(mask))).arraySync() as number[][]
    expect(weights[0]![1]).toBe(0)
    expect(weights[0]![0]! + weights[0]![2]!).toBeCloseTo(1, 6)
    for (const weight of weights[1]!) expect(weight).toBeCloseTo(1 / 3, 5)
  })
})
