import { RandomStream } from '@heddle/core'
import { Dropout } from '@heddle/layers'
import { expectClose, gradientCheck, randomTensor, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { paddingMask } from './masks.ts'
import { scaledDotProductAttention, scaledDotProductWeights } from './scaled-dot-product.ts'

beforeAll(useCpu)

const [B, N, T, S, K, V] = [2, 3, 4, 5, 6, 7]

function inputs(queries = T, headsFirst = true) {
  const rng = new RandomStream(1)
  const shape = (time: number, size: number) => (headsFirst ? [B, N, time, size] : [B, time, N, size])
  return [shape(queries, K), shape(S, K), shape(S, V)].map((own) => randomTensor(rng, own)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ]
}

/** Bytes of all tensors that `run` makes. */
function madeBy(run: () => void): { bytes: number } {
  const before = tf.memory().numBytes
  let bytes = 0
  tf.tidy(() => {
    run()
    // Nothing is freed before the end of the scope.
    bytes = tf.memory().numBytes - before
  })
  return { bytes }
}

const lengths = () => paddingMask(tf.tensor([5, 2], [2], 'int32'), S)

describe('scaledDotProductAttention', () => {
  it('is the mean of the values by the softmax of the scores', () => {
    const [query, key, value] = inputs()
    const rows = <R>(x: tf.Tensor) => tf.slice(x, [1, 2, 0, 0], [1, 1, -1, -1]).arraySync() as unknown as R[][]
    const [q, k, v] = [query, key, value].map((x) => rows<number[][]>(x)[0]![0]!) as [
      number[][],
      number[][],
      number[][],
    ]
    const out = rows<number[][]>(scaledDotProductAttention(query, key, value))[0]![0]!
    q.forEach((own, t) => {
      const scores = k.map((other) => Math.exp(own.reduce((sum, x, i) => sum + x * other[i]!, 0) / Math.sqrt(K)))
      const total = scores.reduce((sum, score) => sum + score, 0)
      out[t]!.forEach((actual, i) => {
        expect(actual).toBeCloseTo(
          scores.reduce((sum, score, s) => sum + (score / total) * v[s]![i]!, 0),
          5,
        )
      })
    })
  })

  it('has the gradients of its values', async () => {
    const options = { causal: true, keyMask: lengths() }
    await gradientCheck((q, k, v) => tf.sum(tf.square(scaledDotProductAttention(q!, k!, v!, options))), inputs(), {
      elements: 10,
    })
  })

  it('gives hidden keys a weight of exactly 0, and the others a sum of 1', () => {
    const [query, key] = inputs(S)
    const weights = scaledDotProductWeights(query, key, { causal: true, keyMask: lengths() })
    const rows = weights.arraySync() as number[][][][]
    for (const [b, heads] of rows.entries()) {
      for (const [t, row] of heads.flatMap((head) => [...head.entries()])) {
        const seen = Math.min(t + 1, [5, 2][b]!)
        expect(row.slice(seen)).toEqual(new Array(S - seen).fill(0))
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
      }
    }
  })

  it('puts the queries last when there are fewer of them than keys', () => {
    const [query, key, value] = inputs(S)
    const all = scaledDotProductAttention(query, key, value, { causal: true })
    const last = scaledDotProductAttention(tf.slice(query, [0, 0, 3, 0]), key, value, { causal: true })
    expectClose(last, tf.slice(all, [0, 0, 3, 0]))
  })

  it('takes heads after time as well', () => {
    const options = { causal: true, keyMask: lengths() }
    const first = inputs(T)
    const turned = first.map((x) => tf.transpose(x, [0, 2, 1, 3])) as typeof first
    expectClose(
      scaledDotProductAttention(...turned, { ...options, headsFirst: false }),
      tf.transpose(scaledDotProductAttention(...first, options), [0, 2, 1, 3]),
    )
  })

  it('is zero for a query that sees nothing', () => {
    const keyMask = paddingMask(tf.tensor([0, 5], [2], 'int32'), S)
    const out = scaledDotProductAttention(...inputs(), { keyMask })
    expect([...tf.slice(out, [0, 0, 0, 0], [1, N, T, V]).dataSync()]).toEqual(new Array(N * T * V).fill(0))
  })

  it('has scores of variance 1 by its scale; without it their variance is K, and softmax saturates', () => {
    const size = 64
    const rng = new RandomStream(3)
    const [q, k] = [randomTensor(rng, [1, 1, 100, size]), randomTensor(rng, [1, 1, 100, size])]
    const products = tf.matMul(q, k, false, true)
    const variance = (x: tf.Tensor) => tf.moments(x).variance.dataSync()[0]!
    expect(variance(products) / size).toBeGreaterThan(0.8)
    expect(variance(products) / size).toBeLessThan(1.2)
    expect(variance(tf.mul(products, 1 / Math.sqrt(size)))).toBeCloseTo(variance(products) / size, 4)
    const largest = (scale?: number) => tf.mean(tf.max(scaledDotProductWeights(q, k, { scale }), -1)).dataSync()[0]!
    expect(largest()).toBeLessThan(0.2)
    expect(largest(1)).toBeGreaterThan(0.7)
    // A saturated softmax has a small gradient: its Jacobian has the trace 1 - Σ w².
    const trace = (scale?: number) =>
      1 - tf.mean(tf.sum(tf.square(scaledDotProductWeights(q, k, { scale })), -1)).dataSync()[0]!
    expect(trace()).toBeGreaterThan(0.9)
    expect(trace(1)).toBeLessThan(0.35)
  })

  it('shares a head of keys and values between the queries of a group', () => {
    const rng = new RandomStream(4)
    const query = randomTensor(rng, [B, 4, T, K])
    const [key, value] = [randomTensor(rng, [B, 2, S, K]), randomTensor(rng, [B, 2, S, V])]
    const out = scaledDotProductAttention(query, key, value)
    for (const [n, g] of [0, 0, 1, 1].entries()) {
      const head = (x: tf.Tensor, at: number) => tf.slice(x, [0, at, 0, 0], [-1, 1, -1, -1])
      expectClose(head(out, n), scaledDotProductAttention(head(query, n), head(key, g), head(value, g)))
    }
    const turned = [query, key, value].map((x) => tf.transpose(x, [0, 2, 1, 3])) as [tf.Tensor, tf.Tensor, tf.Tensor]
    expectClose(scaledDotProductAttention(...turned, { headsFirst: false }), tf.transpose(out, [0, 2, 1, 3]))
  })

  it('adds a bias to the scores', () => {
    const [query, key, value] = inputs()
    // Far above every score, so that the first key has all of the weight.
    const bias = tf.tensor([50, 0, 0, 0, 0], [1, 1, 1, S])
    expectClose(
      scaledDotProductAttention(query, key, value, { bias }),
      tf.tile(tf.slice(value, [0, 0, 0, 0], [-1, -1, 1, -1]), [1, 1, T, 1]),
    )
    expect(() => scaledDotProductAttention(query, key, value, { bias: tf.zeros([N, T, S]) })).toThrow(
      /expected a bias that broadcasts to \[2,3,4,5\], got \[3,4,5\]/,
    )
  })

  it.each([
    [20, 4],
    [17, 4],
    [9, 2],
    [6, 5],
    [7, 1],
  ])('sees a window, %i steps and a window of %i, with padding', async (time, window) => {
    const rng = new RandomStream(5)
    const [q, k, v] = [K, K, V].map((size) => randomTensor(rng, [B, N, time, size])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ]
    const keyMask = paddingMask(tf.tensor([time, time - 3], [2], 'int32'), time)
    const visible = Array.from({ length: time }, (_, t) =>
      Array.from({ length: time }, (_, s) => (s <= t && s > t - window ? 0 : -1e9)),
    )
    const options = { causal: true, keyMask }
    const run = (...[q, k, v]: tf.Tensor[]) => scaledDotProductAttention(q!, k!, v!, { ...options, window })
    const expected = scaledDotProductAttention(q, k, v, {
      ...options,
      bias: tf.tensor(visible.flat(), [1, 1, time, time]),
    })
    const seen = tf.slice(expected, [0, 0, 0, 0], [1, -1, -1, -1])
    expectClose(tf.slice(run(q, k, v), [0, 0, 0, 0], [1, -1, -1, -1]), seen)
    // In the padded row the last queries may see nothing: zero there, and the same as by loops before.
    const real = (x: tf.Tensor) => tf.slice(x, [1, 0, 0, 0], [1, -1, time - 3, -1])
    expectClose(real(run(q, k, v)), real(expected))
    if (time === 9) await gradientCheck((...all) => tf.sum(tf.square(run(...all))), [q, k, v], { elements: 10 })
  })

  it('spends on a window what it costs, and holds no square of weights', () => {
    const [time, window] = [2048, 8]
    const rng = new RandomStream(6)
    const [q, k, v] = [4, 4, 4].map((size) => randomTensor(rng, [1, 1, time, size])) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ]
    const { bytes } = madeBy(() => scaledDotProductAttention(q, k, v, { causal: true, window }))
    expect(bytes).toBeLessThan(0.25 * 4 * time * time)
    expect(madeBy(() => scaledDotProductAttention(q, k, v, { causal: true })).bytes).toBeGreaterThan(4 * time * time)
  })

  it('drops weights in training only', () => {
    const [query, key, value] = inputs()
    const dropout = new Dropout({ rate: 0.5 }, new RandomStream(1))
    const run = () => scaledDotProductAttention(query, key, value, { dropout })
    expect([...run().dataSync()]).not.toEqual([...run().dataSync()])
    dropout.training = false
    expectClose(run(), scaledDotProductAttention(query, key, value))
  })

  it('refuses tensors and masks that do not fit', () => {
    const [query, key, value] = inputs()
    expect(() => scaledDotProductAttention(query, key, tf.zeros([B, N, S + 1, V]))).toThrow(
      /expected query \[B, N, T, K\], key \[B, G, S, K\] and value \[B, G, S, V\] with N a multiple of G, got/,
    )
    expect(() => scaledDotProductAttention(query, key, value, { keyMask: tf.ones([B, T], 'bool') })).toThrow(
      /expected keyMask bool \[2, 5\], got bool \[2,4\]/,
    )
    expect(() => scaledDotProductAttention(query, key, value, { scale: 0 })).toThrow(/expected a scale above 0, got 0/)
    expect(() => scaledDotProductAttention(query, key, value, { window: 2 })).toThrow(
      /expected causal attention with a window of at least 1, got window 2 and causal false/,
    )
    expect(() => scaledDotProductAttention(query, tf.zeros([B, 2, S, K]), tf.zeros([B, 2, S, V]))).toThrow(
      /with N a multiple of G, got \[2,3,4,6\]/,
    )
  })
})
