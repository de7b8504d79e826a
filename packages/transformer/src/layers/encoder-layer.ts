import type { KeyValueCache, Norm, SelfAttention } from '@heddle/attention'
import { type Dropout, Module, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import type { FeedForward } from './feed-forward.ts'
import type { Residual } from './residual.ts'

// B batch, T time, D hidden size

export interface TransformerEncoderLayerParts {
  readonly attention: SelfAttention
  readonly attentionNorm: Norm
  readonly feedForward: FeedForward
  readonly feedForwardNorm: Norm
  /** Order of norm and sum. */
  readonly residual: Residual
  /** Dropout of what each sublayer adds. */
  readonly dropout: Dropout
}

/**
 * Self-attention, then a feed-forward network, each with a residual connection and a norm. With causal attention it is the layer of
 * a decoder-only model.
 *
 *     h = residual(x, attention)
 *     y = residual(h, feedForward)
 *
 * @see Vaswani et al. 2017, "Attention is all you need"
 */
export class TransformerEncoderLayer extends Module {
  readonly attention: SelfAttention
  readonly attentionNorm: Norm
  readonly feedForward: FeedForward
  readonly feedForwardNorm: Norm
  readonly dropout: Dropout
  readonly residual: Residual

  constructor(parts: TransformerEncoderLayerParts) {
    super()
    this.attention = parts.attention
    this.attentionNorm = parts.attentionNorm
    this.feedForward = parts.feedForward
    this.feedForwardNorm = parts.feedForwardNorm
    this.dropout = parts.dropout
    this.residual = parts.residual
  }

  /**
   * @param x [B, T, D]
   * @param keyMask true at the real steps, [B, T], bool; all when missing
   * @param causal whether a step sees only itself and the steps before it, in this pass (default: as the layer was made)
   * @returns [B, T, D]
   */
  forward(x: tf.Tensor, keyMask?: tf.Tensor, causal?: boolean): tf.Tensor {
    return this.#layer(x, (input) => this.attention.forward(input, keyMask, causal))
  }

  /**
   * Reads further steps of a causal sequence: the same numbers as {@link forward} over all of it.
   *
   * @param x [B, T, D], the new steps
   */
  extend(x: tf.Tensor, cache: KeyValueCache): { outputs: tf.Tensor; cache: KeyValueCache } {
    let extended = cache
    const outputs = this.#layer(x, (input) => {
      const read = this.attention.extend(input, cache)
      extended = read.cache
      return read.outputs
    })
    return { outputs, cache: extended }
  }

  #layer(x: tf.Tensor, attend: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
    const h = this.residual(x, this.attentionNorm, attend, this.dropout) // [B, T, D]
    return this.residual(h, this.feedForwardNorm, (input) => this.feedForward.forward(input), this.dropout)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { encoderLayer } = await import('../pytorch/layers.ts')
    return encoderLayer(this, source)
  }
}
