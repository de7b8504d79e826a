import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useWasm } from './use-wasm.ts'

beforeAll(() => useWasm())

describe('Heap', () => {
  it('says so when a tensor is larger than all of the memory', () => {
    const row = tf.zeros([1, 33_000])
    const column = tf.zeros([33_000, 1])
    expect(() => tf.matMul(column, row)).toThrow(/no memory left for a tensor of shape \[33000, 33000\]/)
  })

  it('says so when a tensor is larger than what is left, and goes on', () => {
    const backend = tf.backend() as unknown as BackendWasm
    const half = backend.makeOutput([550_000_000], 'float32')
    const [row, column] = [tf.zeros([1, 24_500]), tf.zeros([24_500, 1])]
    expect(() => tf.matMul(column, row)).toThrow(/no memory left for a tensor of shape \[24500, 24500\]/)
    backend.disposeData(half.dataId)
    expect([...tf.matMul(tf.ones([1, 3]), tf.ones([3, 1])).dataSync()]).toEqual([3])
  })

  it('keeps addresses right while the memory grows', () => {
    const a = tf.tensor2d([[1, 2, 3, 4]])
    const kept = Array.from({ length: 12 }, (_, i) => tf.fill([2_000_000], i))
    expect([...tf.matMul(a, a, false, true).dataSync()]).toEqual([30])
    expect(kept.map((tensor) => tf.max(tensor).dataSync()[0])).toEqual([...kept.keys()])
    for (const tensor of kept) tensor.dispose()
  })
})
