import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import {
  Dropout,
  isObserved,
  Linear,
  linears,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { ReportsHeads } from './head-weights.ts'
import { headSizes, joinHeads, repeatHeads, splitHeads, swapHeads } from './heads.ts'
import { maskBias } from './masks.ts'
import { scaledDotProductAttention, scaledDotProductWeights } from './scaled-dot-product.ts'
import { type AttentionParts, type Norm, selfAttentionConfig } from './self-attention.ts'

// B batch, T steps of the queries, S steps of the memory, D hidden size, M memory size, N heads, G key-value heads, K size of a head

export const crossAttentionConfig = selfAttentionConfig
  .omit({ causal: true, window: true })
  .extend({ memorySize: z.int().min(1).describe('size of the vector of a step of the memory') })
export type CrossAttentionConfig = z.input<typeof crossAttentionConfig>

/** Keys and values of a memory, for many steps of a decoder. The batch comes first, so that beam search can reorder it. */
export interface PreparedKeyValues {
  /** [B, N, S, K] */
  readonly keys: tf.Tensor
  /** [B, N, S, K] */
  readonly values: tf.Tensor
  /** Added to the scores, [B, 1, 1, S]: 0 at real steps, a large negative number at padding. */
  readonly bias?: tf.Tensor
}

/**
 * Attention of one sequence over another, the memory, with many heads.
 *
 *     head_n = softmax(query_n(x)·key(memory)ᵀ/√K)·value(memory)
 *     y = output([head_1, …, head_N])
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class CrossAttention extends Module implements ReportsHeads {
  readonly query: Linear // [D, N·K]
  readonly key: Linear // [M, G·K]
  readonly value: Linear // [M, G·K]
  readonly output: Linear // [N·K, D]
  readonly queryNorm?: Norm
  readonly keyNorm?: Norm
  readonly dropout: Dropout
  readonly numHeads: number
  readonly numKeyValueHeads: number

  constructor(config: CrossAttentionConfig, parts: Omit<AttentionParts, 'positions'>, rng: RandomStream) {
    super()
    const parsed = parseConfig('CrossAttention', crossAttentionConfig, config)
    const { hiddenSize, memorySize, bias, dropout } = parsed
    const { numHeads, numKeyValueHeads, headSize } = headSizes('CrossAttention', parsed)
    const map = (inputSize: number, heads: number) =>
      new Linear({ inputSize, outputSize: heads * headSize, bias }, rng, parts.inputInitial)
    this.query = map(hiddenSize, numHeads)
    this.key = map(memorySize, numKeyValueHeads)
    this.value = map(memorySize, numKeyValueHeads)
    this.output = new Linear({ inputSize: numHeads * headSize, outputSize: hiddenSize, bias }, rng, parts.outputInitial)
    if (parts.queryNorm !== undefined) this.queryNorm = parts.queryNorm
    if (parts.keyNorm !== undefined) this.keyNorm = parts.keyNorm
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.numHeads = numHeads
    this.numKeyValueHeads = numKeyValueHeads
  }

  /** Capability: name under which `forward` reports the weights of each head, [B, N, T, S], with `observe`. */
  get headWeights(): string {
    return 'weights'
  }

  get attendsTo(): 'memory' {
    return 'memory'
  }

  /**
   * @param x [B, T, D]
   * @param memory [B, S, M]
   * @param keyMask true at the real steps of the memory, [B, S], bool; all when missing
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor, memory: tf.Tensor, keyMask?: tf.Tensor): tf.Tensor {
    const query = this.#queries(x)
    const { key, value } = this.#keyValues(memory)
    const options = { keyMask, dropout: this.dropout, headsFirst: false }
    if (isObserved()) observe(this, this.headWeights, scaledDotProductWeights(query, key, options))
    return this.output.forward(joinHeads(scaledDotProductAttention(query, key, value, options)))
  }

  /** Computes keys and values once, for {@link attend}. */
  prepare(memory: tf.Tensor, keyMask?: tf.Tensor): PreparedKeyValues {
    const { key, value } = this.#keyValues(memory)
    const times = this.numHeads / this.numKeyValueHeads
    const [B, S] = memory.shape as [number, number]
    return {
      keys: repeatHeads(swapHeads(key), times, true),
      values: repeatHeads(swapHeads(value), times, true),
      ...(keyMask && { bias: tf.reshape(maskBias(keyMask), [B, 1, 1, S]) }),
    }
  }

  /**
   * The same numbers as {@link forward}, with the weights.
   *
   * @param x [B, T, D]
   * @returns outputs [B, T, D] and weights [B, N, T, S]
   */
  attend(x: tf.Tensor, { keys, values, bias }: PreparedKeyValues): { outputs: tf.Tensor; weights: tf.Tensor } {
    const query = swapHeads(this.#queries(x)) // [B, N, T, K]
    const scores = tf.matMul(tf.mul(query, 1 / Math.sqrt(query.shape[3]!)), keys, false, true) // [B, N, T, S]
    const weights = tf.softmax(bias === undefined ? scores : tf.add(scores, bias))
    const context = tf.matMul(this.dropout.forward(weights), values) // [B, N, T, K]
    return { outputs: this.output.forward(joinHeads(swapHeads(context))), weights }
  }

  /** @returns [B, T, N, K] */
  #queries(x: tf.Tensor): tf.Tensor {
    if (x.rank !== 3) throw new HeddleError('shape', `CrossAttention: expected x [B, T, D], got [${x.shape}].`)
    const query = splitHeads(this.query.forward(x), this.numHeads)
    return this.queryNorm === undefined ? query : this.queryNorm.forward(query)
  }

  /** @returns keys and values, each [B, S, G, K] */
  #keyValues(memory: tf.Tensor) {
    if (memory.rank !== 3) {
      throw new HeddleError('shape', `CrossAttention: expected memory [B, S, M], got [${memory.shape}].`)
    }
    const [keys, values] = linears(memory, [this.key, this.value])
    const key = splitHeads(keys, this.numKeyValueHeads)
    const value = splitHeads(values, this.numKeyValueHeads)
    return { key: this.keyNorm === undefined ? key : this.keyNorm.forward(key), value }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { crossAttention } = await import('./pytorch/attention.ts')
    return crossAttention(this, source)
  }
}
