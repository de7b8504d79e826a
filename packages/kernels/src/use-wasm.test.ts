import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { useWasm } from './use-wasm.ts'

describe('useWasm', () => {
  it('makes wasm the current backend and says what it has set up', async () => {
    const description = await useWasm()
    expect(tf.getBackend()).toBe('wasm')
    expect(description.variant).toBe('relaxed-simd')
    expect(description.threads).toBeGreaterThan(0)
    expect(description.exact).toBe(false)
    expect(description.tile).toHaveLength(2)
  })

  it('sets up once: further calls return the same', async () => {
    expect(await Promise.all([useWasm(), useWasm()])).toEqual([await useWasm(), await useWasm()])
  })

  it('refuses to change what the first call has set up', async () => {
    await useWasm()
    await expect(useWasm({ exact: true })).rejects.toThrow(/useWasm: expected exact left to its default, .* got true/)
  })

  it.each([
    [{ threads: Number.NaN }, /expected threads to be 'all' or an integer from 1 on, got NaN/],
    [{ threads: 0 }, /expected threads to be .* got 0/],
    [{ threads: 1.5 }, /expected threads to be .* got 1.5/],
    [{ revectorize: 'yes' }, /expected revectorize to be 'auto', 'on' or 'off', got yes/],
    [{ exact: 'no' }, /expected exact to be true or false, got no/],
    [{ log: 'console' }, /expected log to be a function, got console/],
  ])('refuses options that it does not know: %j', async (options, message) => {
    await expect(useWasm(options as object)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    })
  })

  it('does not grow its memory over ten thousand steps', async () => {
    await useWasm()
    const [x, w] = [tf.randomNormal([8, 64]), tf.randomNormal([64, 256])]
    const step = () => tf.tidy(() => tf.sum(tf.tanh(tf.add(tf.matMul(x, w), 1))).dispose())
    const state = () => ({ tensors: tf.memory().numTensors, bytes: heapBytes(), data: tf.backend().numDataIds() })
    for (let i = 0; i < 100; i++) step()
    const before = state()
    for (let i = 0; i < 10_000; i++) step()
    expect(state()).toEqual(before)
  })
})

function heapBytes(): number {
  return (tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.byteLength
}
