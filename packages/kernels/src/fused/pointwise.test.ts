import { gelu, geluTanh, reluSquared, silu } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectSameGradientsAsCpu } from '../testing/against-cpu.ts'
import { useWasm } from '../use-wasm.ts'

beforeAll(async () => {
  await useWasm()
})

describe.each(Object.entries({ gelu, geluTanh, silu, reluSquared }))('%s', (name, activation) => {
  it.each([[1], [7], [3, 1025], [64, 300], [0, 5]])('agrees with the reference for %j', async (...shape) => {
    await expectSameGradientsAsCpu(
      (make) => [make.normal(shape, 3)],
      (x) => activation(x!),
      { tolerance: 1e-5 },
    )
  })

  it('grows far above zero as it should, is zero far below, and lets NaN through', () => {
    tf.tidy(() => {
      const [high, low, nan, zero] = activation(tf.tensor1d([1e18, -1e3, NaN, 0])).dataSync()
      expect(high).toBe(Math.fround(name === 'reluSquared' ? Math.fround(1e18) ** 2 : 1e18))
      expect(Math.abs(low!)).toBeLessThan(1e-34)
      expect(nan).toBeNaN()
      expect(zero).toBe(0)
    })
  })

  it('refuses integers', () => {
    expect(() => activation(tf.tensor1d([1, 2], 'int32'))).toThrow(/expected x float32 \[2\], got int32 \[2\]/)
  })
})
