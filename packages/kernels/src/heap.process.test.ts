import { RandomStream } from '@heddle/core'
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

  it('says so for every size wherever memory is free, and never gives memory that is in use', () => {
    const backend = tf.backend() as unknown as BackendWasm
    const { wasm } = backend as unknown as { wasm: { HEAPU8: Uint8Array } }
    const held: { id: object; from: number; to: number }[] = []
    const rng = new RandomStream(1)
    let refused = 0
    for (let i = 0; i < 600; i++) {
      if (held.length > 0 && rng.uniform() < 0.45) {
        const [{ id }] = held.splice(rng.integer(held.length), 1) as [(typeof held)[number]]
        backend.disposeData(id)
        continue
      }
      // From 64 bytes to 4 GiB, each power of two alike.
      const size = Math.floor(16 * 2 ** (26 * rng.uniform()))
      try {
        const { dataId: id } = backend.makeOutput([size], 'float32')
        const from = backend.dataIdMap.get(id).memoryOffset
        const to = from + 4 * size
        expect(to).toBeLessThanOrEqual(wasm.HEAPU8.length)
        expect(held.filter((other) => from < other.to && other.from < to)).toEqual([])
        held.push({ id, from, to })
      } catch (error) {
        expect((error as Error).message).toMatch(/no memory left for a tensor of shape/)
        refused++
      }
    }
    for (const { id } of held) backend.disposeData(id)
    expect(refused).toBeGreaterThan(10)
  })

  it('keeps addresses right while the memory grows', () => {
    const a = tf.tensor2d([[1, 2, 3, 4]])
    const kept = Array.from({ length: 12 }, (_, i) => tf.fill([2_000_000], i))
    expect([...tf.matMul(a, a, false, true).dataSync()]).toEqual([30])
    expect(kept.map((tensor) => tf.max(tensor).dataSync()[0])).toEqual([...kept.keys()])
    for (const tensor of kept) tensor.dispose()
  })
})
