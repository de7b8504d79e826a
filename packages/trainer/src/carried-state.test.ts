import { enableGradients } from '@heddle/layers'
import { useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { CarriedState } from './index.ts'

beforeAll(useCpu)

/** h' = w·h + x for each chunk, the state carried; returns dh'/dw of each chunk. */
function gradientsOverChunks(carried: CarriedState, chunks: readonly number[], w = 0.5): number[] {
  return chunks.map((x) => {
    const gradient = tf.tidy(() =>
      tf.grad((weight) => {
        const h = carried.tensors?.[0] ?? tf.zeros([1])
        const next = tf.add(tf.mul(h, weight), x)
        carried.replace([next])
        return tf.sum(next)
      })(tf.tensor1d([w])),
    )
    const [value] = gradient.dataSync()
    gradient.dispose()
    return value!
  })
}

it('carries values and cuts gradients', () => {
  enableGradients()
  const carried = new CarriedState()
  // h = 1, 2.5, 4.25: the gradient is the state before alone, not what earlier chunks would add.
  expect(gradientsOverChunks(carried, [1, 2, 3])).toEqual([0, 1, 2.5])
  expect(carried.tensors![0]!.dataSync()[0]).toBe(4.25)
  carried.dispose()
})

it('keeps what the gradient of the current batch may still read', () => {
  // The gradient of this product reads its input itself, and not a copy that tfjs saved.
  const product = tf.customGrad((a, w) => ({
    value: tf.mul(a as tf.Tensor, w as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy), tf.mul(dy, a as tf.Tensor)],
  }))
  const carried = new CarriedState()
  const first = tf.tensor1d([3])
  carried.replace([first])
  first.dispose()
  const gradient = tf.tidy(() =>
    tf.grad((w) => {
      const next = product(carried.tensors![0]!, w)
      carried.replace([next])
      return tf.sum(next)
    })(tf.tensor1d([1])),
  )
  expect(gradient.dataSync()[0]).toBe(3)
  gradient.dispose()
  carried.dispose()
})

it('holds at most two generations of tensors', () => {
  const before = tf.memory().numTensors
  const carried = new CarriedState()
  gradientsOverChunks(carried, [1, 2])
  const held = tf.memory().numTensors
  gradientsOverChunks(carried, [3, 4, 5])
  expect(tf.memory().numTensors).toBe(held)
  carried.dispose()
  expect(tf.memory().numTensors).toBe(before)
})

it('goes on from its saved state, and starts afresh from an empty one', async () => {
  const first = new CarriedState()
  first.replace([tf.tensor2d([[0.1], [0.2]]), tf.tensor1d([3], 'int32')])
  const state = await first.state()
  const second = new CarriedState()
  second.restore(state)
  expect(second.tensors!.map((tensor) => [tensor.dtype, tensor.shape, ...tensor.dataSync()])).toEqual([
    ['float32', [2, 1], Math.fround(0.1), Math.fround(0.2)],
    ['int32', [1], 3],
  ])
  second.restore(new Map())
  expect(second.tensors).toBeUndefined()
  first.dispose()
})
