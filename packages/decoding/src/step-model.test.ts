import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { gatherState, mapTensors } from './index.ts'

beforeAll(useCpu)

it('gathers rows of every tensor in nested arrays and objects and leaves the rest', () => {
  tf.tidy(() => {
    const shared = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const lengths = Int32Array.of(1, 2, 3)
    const state = {
      layers: [[shared, tf.tensor1d([7, 8, 9], 'int32')]],
      again: shared,
      step: tf.scalar(4),
      lengths,
      name: 'x',
    }
    const rows = gatherState(state, tf.tensor1d([2, 0, 2, 1], 'int32'))
    expect(rows.layers[0]![0]!.arraySync()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
      [3, 4],
    ])
    expect(rows.layers[0]![1]!.arraySync()).toEqual([9, 7, 9, 8])
    expect(rows.layers[0]![1]!.dtype).toBe('int32')
    expect(rows.again).toBe(rows.layers[0]![0])
    expect(rows.step).toBe(state.step)
    expect(rows.lengths).toBe(lengths)
    expect(rows.name).toBe('x')
  })
})

it('changes a tensor that stands twice only once', () => {
  tf.tidy(() => {
    const x = tf.scalar(1)
    let calls = 0
    mapTensors([x, { x }], (tensor) => {
      calls++
      return tensor
    })
    expect(calls).toBe(1)
  })
})
