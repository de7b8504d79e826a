import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { Embedding } from './embedding.ts'
import { Module } from './module.ts'
import type { PyTorchModule, PyTorchSource } from './pytorch/pytorch-module.ts'
import { featureCount } from './size-fields.ts'

// B batch, T time, N lengths of n-grams, D embedding size

export const ngramEmbeddingConfig = z.strictObject({
  embeddingSize: featureCount.default(32).describe('size of the vector of an n-gram'),
  longest: z.int().min(2).max(8).default(4).describe('tokens of the longest n-grams; the shortest have two'),
  buckets: z
    .int()
    .min(2)
    .max(2 ** 24)
    .default(2 ** 17)
    .describe('rows of the table; n-grams of the same hash share one'),
})
export type NGramEmbeddingConfig = z.input<typeof ngramEmbeddingConfig>

/** Odd, and below 2^21, so that its product with an int32 is exact in double precision. */
export const NGRAM_MULTIPLIER = 1_000_003

/** A column of zeros before the first step. */
const ONE_BEFORE: [number, number][] = [
  [0, 0],
  [1, 0],
]

/** Number of hashes: an odd one, as the remainder by an even number would depend on few bits of the tokens. */
export const numHashes = (buckets: number): number => (buckets % 2 === 0 ? buckets - 1 : buckets)

/**
 * Vectors of the n-grams that end at each token, from a table that n-grams share by a hash:
 *
 *     y_t = Σ_n table[h_n,t mod buckets],  n = 2 … longest
 *     h_n,t = multiplier · h_{n-1},t-1 + token_t + 1,  h_0 = 0
 *
 * in int32 that wraps around. Before the first token everything is 0, so the start of a text has n-grams of its own.
 *
 * @see Weinberger et al. 2009, "Feature hashing for large scale multitask learning"
 * @see Bojanowski et al. 2017, "Enriching word vectors with subword information", whose vectors are of words
 */
export class NGramEmbedding extends Module {
  readonly table: Embedding // [buckets, D]
  readonly longest: number
  readonly buckets: number

  constructor(config: NGramEmbeddingConfig, rng: RandomStream) {
    super()
    const { embeddingSize, longest, buckets } = parseConfig('NGramEmbedding', ngramEmbeddingConfig, config)
    // Most n-grams are rare and change little: large values would stay as noise.
    this.table = new Embedding({ numEmbeddings: buckets, embeddingSize, standardDeviation: 0.1 }, rng)
    this.longest = longest
    this.buckets = buckets
  }

  get embeddingSize(): number {
    return this.table.weight.shape[1]!
  }

  /**
   * @param ids tokens [B, T], int32
   * @returns [B, T, D]
   */
  forward(ids: tf.Tensor): tf.Tensor {
    return tf.sum(this.table.forward(this.rows(ids)), 2)
  }

  /**
   * The rows of the n-grams that end at each token, the shortest first.
   *
   * @param ids tokens [B, T], int32
   * @returns [B, T, N], int32
   */
  rows(ids: tf.Tensor): tf.Tensor {
    if (ids.rank !== 2 || ids.dtype !== 'int32') {
      throw new HeddleError(
        'shape',
        `NGramEmbedding: expected int32 tokens [B, T], got ${ids.dtype} [${ids.shape}]. Pass token ids.`,
      )
    }
    const [B, T] = ids.shape as [number, number]
    const tokens = tf.add(ids, tf.scalar(1, 'int32'))
    const multiplier = tf.scalar(NGRAM_MULTIPLIER, 'int32')
    const divisor = tf.scalar(numHashes(this.buckets), 'int32')
    const rows: tf.Tensor[] = []
    let hash = tokens
    for (let n = 2; n <= this.longest; n++) {
      const before = tf.slice(tf.pad(hash, ONE_BEFORE), [0, 0], [B, T]) // at t, that of t - 1
      hash = tf.add(tf.mul(before, multiplier), tokens)
      rows.push(tf.mod(hash, divisor))
    }
    return tf.stack(rows, 2) // [B, T, N]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { ngramEmbedding } = await import('./pytorch/ngram-embedding.ts')
    return ngramEmbedding(this, source)
  }
}
