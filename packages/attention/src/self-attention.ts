import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import {
  Dropout,
  isObserved,
  Linear,
  type LinearInitial,
  linears,
  Module,
  type NormFormula,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import type { ReportsHeads } from './head-weights.ts'
import { headSizes, joinHeads, splitHeads, swapHeads } from './heads.ts'
import { cachedAttention, extendCache, type KeyValueCache } from './key-value-cache.ts'
import { startMask } from './masks.ts'
import type { Positions } from './positions/positions.ts'
import { scaledDotProductAttention, scaledDotProductWeights } from './scaled-dot-product.ts'

// B batch, T time, D hidden size, N heads, G key-value heads, K size of a head

export const selfAttentionConfig = z.strictObject({
  hiddenSize: z.int().min(1).describe('size of the vector of a step'),
  numHeads: z.int().min(1).describe('number of attention heads'),
  numKeyValueHeads: z
    .int()
    .min(1)
    .optional()
    .describe('number of heads of keys and values, each shared by several query heads (default: numHeads)'),
  headSize: z.int().min(1).optional().describe('size of a head (default: hiddenSize / numHeads)'),
  bias: z.boolean().default(true).describe('whether the linear maps add a trained vector'),
  causal: z.boolean().default(false).describe('whether a step sees only itself and the steps before it'),
  window: z.int().min(1).optional().describe('number of steps that a step sees, itself included (default: all)'),
  dropout: z.number().min(0).max(1).default(0).describe('share of the attention weights that training sets to zero'),
})
export type SelfAttentionConfig = z.input<typeof selfAttentionConfig>

/** A module that keeps the shape of a tensor: a norm. */
export interface Norm extends Module {
  forward(x: tf.Tensor): tf.Tensor
  /** Capability: the numbers of the formula that `forward` is. */
  readonly normFormula?: NormFormula
}

/** Parts that some architectures add to attention. */
export interface AttentionParts {
  /** Norm of each head's queries, over K. */
  readonly queryNorm?: Norm | undefined
  /** Norm of each head's keys, over K. */
  readonly keyNorm?: Norm | undefined
  readonly positions?: Positions | undefined
  /** Initializers of the maps to queries, keys and values. */
  readonly inputInitial?: LinearInitial | undefined
  /** Initializers of the map that joins the heads. */
  readonly outputInitial?: LinearInitial | undefined
}

/**
 * Attention of a sequence over itself with many heads: multi-head, or grouped-query or multi-query with fewer heads of keys and
 * values.
 *
 *     head_n = softmax(query_n·keyᵀ/√K + positions)·value
 *     y = output([head_1, …, head_N])
 *
 * @see Vaswani et al. 2017, "Attention is all you need"; Shazeer 2019, "Fast Transformer decoding: one write-head is all you
 * need"; Henry et al. 2020, "Query-key normalization for Transformers"
 */
export class SelfAttention extends Module implements ReportsHeads {
  readonly query: Linear // [D, N·K]
  readonly key: Linear // [D, G·K]
  readonly value: Linear // [D, G·K]
  readonly output: Linear // [N·K, D]
  readonly queryNorm?: Norm
  readonly keyNorm?: Norm
  readonly positions?: Positions
  readonly dropout: Dropout
  readonly numHeads: number
  readonly numKeyValueHeads: number
  readonly causal: boolean
  readonly window: number | undefined

  constructor(config: SelfAttentionConfig, parts: AttentionParts, rng: RandomStream) {
    super()
    const parsed = parseConfig('SelfAttention', selfAttentionConfig, config)
    const { hiddenSize, bias, causal, window, dropout } = parsed
    const { numHeads, numKeyValueHeads, headSize } = headSizes('SelfAttention', parsed)
    if (window !== undefined && !causal) {
      throw new HeddleError(
        'config',
        'SelfAttention: expected causal attention with a window, got causal false. Leave one out.',
      )
    }
    const map = (outputSize: number) => new Linear({ inputSize: hiddenSize, outputSize, bias }, rng, parts.inputInitial)
    this.query = map(numHeads * headSize)
    this.key = map(numKeyValueHeads * headSize)
    this.value = map(numKeyValueHeads * headSize)
    this.output = new Linear({ inputSize: numHeads * headSize, outputSize: hiddenSize, bias }, rng, parts.outputInitial)
    if (parts.queryNorm !== undefined) this.queryNorm = parts.queryNorm
    if (parts.keyNorm !== undefined) this.keyNorm = parts.keyNorm
    if (parts.positions !== undefined) this.positions = parts.positions
    this.dropout = new Dropout({ rate: dropout }, rng)
    this.numHeads = numHeads
    this.numKeyValueHeads = numKeyValueHeads
    this.causal = causal
    this.window = window
  }

  /** Capability: name under which `forward` reports the weights of each head, [B, N, T, S], with `observe`. */
  get headWeights(): string {
    return 'weights'
  }

  get attendsTo(): 'itself' {
    return 'itself'
  }

  /**
   * @param x [B, T, D]
   * @param keyMask true at the real steps, [B, T], bool; all when missing
   * @param causal whether a step sees only itself and the steps before it, in this pass
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor, keyMask?: tf.Tensor, causal = this.causal): tf.Tensor {
    const T = x.shape[1]!
    const { query, key, value } = this.#heads(x, 0)
    const { window, dropout } = this
    const distanceBias = this.positions?.distanceBias?.(T, T)
    const bias = distanceBias === undefined ? this.positions?.bias?.(T, T) : undefined
    const options = { causal, window, keyMask, bias, distanceBias, dropout, headsFirst: false }
    if (isObserved()) observe(this, this.headWeights, scaledDotProductWeights(query, key, options))
    return this.output.forward(joinHeads(scaledDotProductAttention(query, key, value, options)))
  }

  /**
   * Reads further steps of a causal sequence: the same numbers as {@link forward} over all of it.
   *
   * @param x [B, T, D], the new steps
   */
  extend(x: tf.Tensor, cache: KeyValueCache): { outputs: tf.Tensor; cache: KeyValueCache } {
    if (!this.causal) {
      throw new HeddleError(
        'usage',
        'SelfAttention.extend: expected causal attention, got attention that sees later steps.',
      )
    }
    const { query, key, value } = this.#heads(x, cache.length)
    const extended = extendCache(cache, swapHeads(key), swapHeads(value), this.window)
    const { positions, window } = this
    const T = x.shape[1]!
    if (cache.length === 0 && T > 1) {
      const distanceBias = positions?.distanceBias?.(T, T)
      const bias = distanceBias === undefined ? positions?.bias?.(T, T) : undefined
      const keyMask = cache.starts && startMask(cache.starts, T)
      const options = { causal: true, window, keyMask, bias, distanceBias, headsFirst: false }
      return {
        outputs: this.output.forward(joinHeads(scaledDotProductAttention(query, key, value, options))),
        cache: extended,
      }
    }
    const bias = positions?.bias === undefined ? undefined : (T: number, S: number) => positions.bias!(T, S)
    const context = cachedAttention(swapHeads(query), extended, { window, bias }) // [B, N, T, K]
    return { outputs: this.output.forward(joinHeads(swapHeads(context))), cache: extended }
  }

  /** Queries [B, T, N, K], keys and values [B, T, G, K]. */
  #heads(x: tf.Tensor, offset: number) {
    if (x.rank !== 3) throw new HeddleError('shape', `SelfAttention: expected x [B, T, D], got [${x.shape}].`)
    const [queries, keys, values] = linears(x, [this.query, this.key, this.value])
    const query = splitHeads(queries, this.numHeads)
    const key = splitHeads(keys, this.numKeyValueHeads)
    const value = splitHeads(values, this.numKeyValueHeads)
    const placed = (heads: tf.Tensor, norm: Norm | undefined) => {
      const normed = norm === undefined ? heads : norm.forward(heads)
      return this.positions?.rotate?.(normed, offset) ?? normed
    }
    return { query: placed(query, this.queryNorm), key: placed(key, this.keyNorm), value }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { selfAttention } = await import('./pytorch/attention.ts')
    return selfAttention(this, source)
  }
}
