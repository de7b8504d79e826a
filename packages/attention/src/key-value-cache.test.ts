import { RandomStream } from '@heddle/core'
import { expectClose, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { cachedAttention, emptyCache, extendCache } from './key-value-cache.ts'
import { scaledDotProductAttention } from './scaled-dot-product.ts'

beforeAll(useCpu)

const [B, G, N, K] = [2, 2, 4, 3]
const step = (rng: RandomStream, T = 1) => randomTensor(rng, [B, G, T, K])

describe('KeyValueCache', () => {
  it('gives the steps in order, whatever the pieces in which they come', () => {
    const rng = new RandomStream(1)
    let cache = emptyCache
    const all: tf.Tensor[] = []
    for (const T of [5, 1, 40, ...new Array<number>(90).fill(1)]) {
      const key = step(rng, T)
      all.push(key)
      cache = extendCache(cache, key, tf.mul(key, 2))
    }
    expect(cache.length).toBe(136)
    expectClose(tf.concat([...cache.keys], 2), tf.concat(all, 2))
    expectClose(tf.concat([...cache.values], 2), tf.mul(tf.concat(all, 2), 2))
  })

  it('copies each step a few times in all, not once for every later step', () => {
    const steps = 1000
    const key = tf.zeros([1, 1, 1, 1])
    let cache = emptyCache
    let copied = 0
    for (let t = 0; t < steps; t++) {
      const before = new Set(cache.keys)
      cache = extendCache(cache, key, key)
      for (const chunk of cache.keys) if (!before.has(chunk) && chunk !== key) copied += chunk.shape[2]!
    }
    expect(cache.keys.length).toBeLessThan(10)
    expect(copied / steps).toBeLessThan(32)
    expect(copied / steps).toBeLessThan(steps / 20)
  })

  it('leaves the steps behind that no later query sees', () => {
    const rng = new RandomStream(2)
    let cache = emptyCache
    for (let t = 0; t < 300; t++) cache = extendCache(cache, step(rng), step(rng), 10)
    const kept = cache.keys.reduce((sum, chunk) => sum + chunk.shape[2]!, 0)
    expect(kept).toBeGreaterThanOrEqual(10)
    expect(kept).toBeLessThanOrEqual(64)
    expect(cache.length).toBe(300)
  })
})

describe('cachedAttention', () => {
  it.each([1, 3])('equals attention over all keys for the last %i queries', (T) => {
    const rng = new RandomStream(3)
    let cache = emptyCache
    for (let t = 0; t < 70; t++) cache = extendCache(cache, step(rng), step(rng))
    cache = extendCache(cache, step(rng, T), step(rng, T))
    const query = randomTensor(rng, [B, N, T, K])
    const [keys, values] = [tf.concat([...cache.keys], 2), tf.concat([...cache.values], 2)]
    const S = 70 + T
    expect(cache.keys.length).toBeGreaterThan(1)
    expectClose(cachedAttention(query, cache), scaledDotProductAttention(query, keys, values, { causal: true }))
    const bias = randomTensor(rng, [1, N, T, S])
    expectClose(
      cachedAttention(query, cache, { window: 6, scale: 0.3, bias: () => bias }),
      scaledDotProductAttention(query, keys, values, { causal: true, window: 6, scale: 0.3, bias }),
    )
  })
})
