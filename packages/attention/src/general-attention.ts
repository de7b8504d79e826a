import { parseConfig, type RandomStream } from '@heddle/core'
import { Linear, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { MemoryAttention } from './memory-attention.ts'

// B batch, T queries in time, S steps of the memory, Q query size, M memory size

export const generalAttentionConfig = z.strictObject({
  querySize: z.int().min(1).describe("size of a query, usually the decoder's hidden state"),
  memorySize: z.int().min(1).describe('size of a step of the memory'),
})
export type GeneralAttentionConfig = z.input<typeof generalAttentionConfig>

/**
 * Attention with a bilinear score: score(s, e) = (e·key)·s, with key [M, Q].
 *
 * The paper writes sᵀ·W·e. Here the product with the memory comes first, as it is the same for every query.
 *
 * @see Luong et al. 2015, "Effective approaches to attention-based neural machine translation"
 */
export class GeneralAttention extends MemoryAttention {
  readonly key: Linear // [M, Q]
  readonly querySize: number
  readonly memorySize: number

  constructor(config: GeneralAttentionConfig, rng: RandomStream) {
    super()
    const { querySize, memorySize } = parseConfig('GeneralAttention', generalAttentionConfig, config)
    this.querySize = querySize
    this.memorySize = memorySize
    this.key = new Linear({ inputSize: memorySize, outputSize: querySize, bias: false }, rng)
  }

  protected override keys(memory: tf.Tensor): tf.Tensor {
    return this.key.forward(memory) // [B, S, Q]
  }

  protected override scores(query: tf.Tensor, keys: tf.Tensor): tf.Tensor {
    return tf.matMul(query, keys, false, true) // [B, T, S]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { generalAttention } = await import('./pytorch/memory-attention.ts')
    return generalAttention(this, source)
  }
}
