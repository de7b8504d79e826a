import { parseConfig, type RandomStream } from '@heddle/core'
import { adaptedWeight, Linear, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { MemoryAttention } from './memory-attention.ts'

// B batch, T queries in time, S steps of the memory, Q query size, M memory size, A attention size

export const additiveAttentionConfig = z.strictObject({
  querySize: z.int().min(1).describe("size of a query, usually the decoder's hidden state"),
  memorySize: z.int().min(1).describe('size of a step of the memory'),
  attentionSize: z
    .int()
    .min(1)
    .optional()
    .describe('size of the layer that compares query and memory; querySize by default'),
})
export type AdditiveAttentionConfig = z.input<typeof additiveAttentionConfig>

/**
 * Attention with a feed-forward score: score(s, e) = score·tanh(query·s + key·e).
 *
 * Without biases, as in the paper.
 *
 * @see Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate"
 */
export class AdditiveAttention extends MemoryAttention {
  readonly query: Linear // [Q, A]
  readonly key: Linear // [M, A]
  readonly score: Linear // [A, 1]
  readonly querySize: number
  readonly memorySize: number
  readonly attentionSize: number

  constructor(config: AdditiveAttentionConfig, rng: RandomStream) {
    super()
    const {
      querySize,
      memorySize,
      attentionSize = querySize,
    } = parseConfig('AdditiveAttention', additiveAttentionConfig, config)
    this.querySize = querySize
    this.memorySize = memorySize
    this.attentionSize = attentionSize
    this.query = new Linear({ inputSize: querySize, outputSize: attentionSize, bias: false }, rng)
    this.key = new Linear({ inputSize: memorySize, outputSize: attentionSize, bias: false }, rng)
    this.score = new Linear({ inputSize: attentionSize, outputSize: 1, bias: false }, rng)
  }

  override additiveScore() {
    return { queryWeight: adaptedWeight(this.query), scoreWeight: adaptedWeight(this.score) }
  }

  protected override keys(memory: tf.Tensor): tf.Tensor {
    return this.key.forward(memory) // [B, S, A]
  }

  protected override scores(query: tf.Tensor, keys: tf.Tensor): tf.Tensor {
    const projected = this.query.forward(query) // [B, T, A]
    const hidden = tf.tanh(tf.add(tf.expandDims(projected, 2), tf.expandDims(keys, 1))) // [B, T, S, A]
    return tf.squeeze(this.score.forward(hidden), [3]) // [B, T, S]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { additiveAttention } = await import('./pytorch/memory-attention.ts')
    return additiveAttention(this, source)
  }
}
