import { RandomStream } from '@heddle/core'
import { expectClose, layerContract, useCpu } from '@heddle/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { NGramEmbedding } from './ngram-embedding.ts'

const ids = () => tf.tensor([3, 1, 4, 1, 5, 9, 2, 6], [2, 4], 'int32')
const make = (rng: RandomStream, config: object = {}) =>
  new NGramEmbedding({ embeddingSize: 3, longest: 3, buckets: 11, ...config }, rng)

layerContract('NGramEmbedding', { make: (rng) => make(rng), inputs: () => [ids()], shapes: [[2, 4, 3]] })

/** Row of an n-gram, in numbers without a limit. */
function rowOf(gram: readonly number[], buckets: number): number {
  const hash = gram.reduce((sum, token) => BigInt.asIntN(32, sum * 1_000_003n + BigInt(token) + 1n), 0n)
  const odd = BigInt(buckets % 2 === 0 ? buckets - 1 : buckets)
  return Number(((hash % odd) + odd) % odd)
}

describe('NGramEmbedding', () => {
  beforeAll(useCpu)

  it.each([
    [2, 2],
    [3, 7],
    [5, 1000],
    [4, 2 ** 17],
  ])('rows are the hashes of the last 2 to %i tokens in %i rows, with 0 before the first', (longest, buckets) => {
    const layer = make(new RandomStream(1), { longest, buckets, embeddingSize: 1 })
    const rng = new RandomStream(buckets)
    const tokens = Array.from({ length: 3 }, () => Array.from({ length: 40 }, () => rng.integer(2 ** 20)))
    const expected = tokens.map((row) =>
      row.map((_, t) =>
        Array.from({ length: longest - 1 }, (_, i) => rowOf(row.slice(Math.max(0, t - i - 1), t + 1), buckets)),
      ),
    )
    expect(layer.rows(tf.tensor(tokens, [3, 40], 'int32')).arraySync()).toEqual(expected)
  })

  it('a step is the sum of the rows of its n-grams', () => {
    const layer = make(new RandomStream(1))
    const table = layer.table.weight.value.arraySync() as number[][]
    const grams = [
      [1, 5],
      [4, 1, 5],
    ].map((gram) => table[rowOf(gram, 11)]!)
    const step = layer.forward(tf.tensor([[3, 1, 4, 1, 5]], [1, 5], 'int32'))
    expectClose(tf.slice(step, [0, 4, 0], [1, 1, 3]), tf.tensor([[grams[0]!.map((x, d) => x + grams[1]![d]!)]]))
  })

  it('a batch of one token has the n-grams of a start', () => {
    const layer = make(new RandomStream(1))
    expect(layer.rows(tf.tensor([[7]], [1, 1], 'int32')).arraySync()).toEqual([[[rowOf([7], 11), rowOf([7], 11)]]])
  })

  it('refuses what is no batch of tokens', () => {
    const layer = make(new RandomStream(1))
    expect(() => layer.forward(tf.zeros([2, 3]))).toThrow(/expected int32 tokens \[B, T\], got float32 \[2,3\]/)
  })
})
