import { RandomStream } from '@heddle/core'
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

  it('refuses tensors and masks that do not fit', () => {
    const [query, key, value] = inputs()
    expect(() => scaledDotProductAttention(query, key, tf.zeros([B, N, S + 1, V]))).toThrow(
      /expected query \[B, N, T, K\], key \[B, N, S, K\] and value \[B, N, S, V\], got/,
    )
    expect(() => scaledDotProductAttention(query, key, value, { keyMask: tf.ones([B, T], 'bool') })).toThrow(
      /expected keyMask bool \[2, 5\], got bool \[2,4\]/,
    )
    expect(() => scaledDotProductAttention(query, key, value, { scale: 0 })).toThrow(/expected a scale above 0, got 0/)
  })
})
