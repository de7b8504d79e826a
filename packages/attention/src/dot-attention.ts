import { HeddleError, parseConfig } from '@heddle/core'
import type { PyTorchModule, PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { MemoryAttention } from './memory-attention.ts'

// B batch, T queries in time, S steps of the memory, Q = M size of a query and of a step of the memory

export const dotAttentionConfig = z.strictObject({
  querySize: z.int().min(1).describe("size of a query, usually the decoder's hidden state"),
  memorySize: z.int().min(1).describe('size of a step of the memory, the same as querySize'),
})
export type DotAttentionConfig = z.input<typeof dotAttentionConfig>

/**
 * Attention with the dot product as score: score(s, e) = s·e. It has no weights.
 *
 * @see Luong et al. 2015, "Effective approaches to attention-based neural machine translation"
 */
export class DotAttention extends MemoryAttention {
  readonly querySize: number
  readonly memorySize: number

  constructor(config: DotAttentionConfig) {
    super()
    const { querySize, memorySize } = parseConfig('DotAttention', dotAttentionConfig, config)
    if (querySize !== memorySize) {
      throw new HeddleError(
        'config',
        `DotAttention: expected a memory of the query's size (${querySize}), got ${memorySize}. Use general or additive attention for different sizes.`,
      )
    }
    this.querySize = querySize
    this.memorySize = memorySize
  }

  protected override keys(memory: tf.Tensor): tf.Tensor {
    return memory
  }

  protected override scores(query: tf.Tensor, keys: tf.Tensor): tf.Tensor {
    return tf.matMul(query, keys, false, true) // [B, T, S]
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { dotAttention } = await import('./pytorch/memory-attention.ts')
    return dotAttention(this, source)
  }
}
