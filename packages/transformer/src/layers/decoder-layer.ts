import type { CrossAttention, KeyValueCache, Norm, PreparedKeyValues, SelfAttention } from '@heddle/attention'
import { type Dropout, Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { TransformerEncoderLayerParts } from './encoder-layer.ts'
import type { FeedForward } from './feed-forward.ts'
import type { Residual } from './residual.ts'

// B batch, T steps of the target, S steps of the source, D hidden size, M memory size, N heads

export interface TransformerDecoderLayerParts extends TransformerEncoderLayerParts {
  readonly crossAttention: CrossAttention
  readonly crossAttentionNorm: Norm
}

/** State of one decoder layer; every tensor has the batch first. */
export interface DecoderLayerState {
  readonly cache: KeyValueCache
  readonly source: PreparedKeyValues
}

/**
 * Causal self-attention, attention over a source, then a feed-forward network, each with a residual connection and a norm.
 *
 *     h = residual(x, attention)
 *     c = residual(h, crossAttention)
 *     y = residual(c, feedForward)
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class TransformerDecoderLayer extends Module {
  readonly attention: SelfAttention
  readonly attentionNorm: Norm
  readonly crossAttention: CrossAttention
  readonly crossAttentionNorm: Norm
  readonly feedForward: FeedForward
  readonly feedForwardNorm: Norm
  readonly dropout: Dropout
  readonly residual: Residual

  constructor(parts: TransformerDecoderLayerParts) {
    super()
    this.attention = parts.attention
    this.attentionNorm = parts.attentionNorm
    this.crossAttention = parts.crossAttention
    this.crossAttentionNorm = parts.crossAttentionNorm
    this.feedForward = parts.feedForward
    this.feedForwardNorm = parts.feedForwardNorm
    this.dropout = parts.dropout
    this.residual = parts.residual
  }

  /**
   * @param x [B, T, D]
   * @param source [B, S, M]
   * @param sourceMask true at the real steps of the source, [B, S], bool; all when missing
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor, source: tf.Tensor, sourceMask?: tf.Tensor): tf.Tensor {
    return this.#layer(
      x,
      (input) => this.attention.forward(input),
      (input) => this.crossAttention.forward(input, source, sourceMask),
    )
  }

  /**
   * Reads further steps of a target: the same numbers as {@link forward} over all of it.
   *
   * @param x [B, T, D], the new steps
   * @returns outputs [B, T, D] and the weights over the source [B, N, T, S]
   */
  extend(x: tf.Tensor, state: DecoderLayerState): { outputs: tf.Tensor; weights: tf.Tensor; state: DecoderLayerState } {
    let { cache } = state
    let weights: tf.Tensor | undefined
    const outputs = this.#layer(
      x,
      (input) => {
        const read = this.attention.extend(input, cache)
        cache = read.cache
        return read.outputs
      },
      (input) => {
        const attended = this.crossAttention.attend(input, state.source)
        weights = attended.weights
        return attended.outputs
      },
    )
    return { outputs, weights: weights!, state: { ...state, cache } }
  }

  #layer(x: tf.Tensor, attend: (x: tf.Tensor) => tf.Tensor, attendSource: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    const h = this.residual(x, this.attentionNorm, attend, this.dropout) // [B, T, D]
    const c = this.residual(h, this.crossAttentionNorm, attendSource, this.dropout) // [B, T, D]
    return this.residual(c, this.feedForwardNorm, (input) => this.feedForward.forward(input), this.dropout)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { decoderLayer } = await import('../pytorch/layers.ts')
    return decoderLayer(this, source)
  }
}
