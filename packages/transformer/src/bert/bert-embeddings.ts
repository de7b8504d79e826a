import type { Norm, Positions } from '@heddle/attention'
import { HeddleError, type RandomStream } from '@heddle/core'
import {
  Dropout,
  Embedding,
  Linear,
  type LinearInitial,
  Module,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'

// B batch, T time, V vocabulary, S segments, E embedding size, D hidden size

/** Capability of positions whose vectors depend on which tokens are padding. */
export interface TokenPositions {
  /**
   * @param ids [B, T], int32
   * @returns [B, T, E]
   */
  ofTokens(ids: tf.Tensor): tf.Tensor
}

export interface BertEmbeddingsConfig {
  /** V */
  readonly vocabSize: number
  /** E */
  readonly embeddingSize: number
  /** D; where it differs from E, a linear map joins the two. */
  readonly hiddenSize: number
  /** S; 0 for no segments. */
  readonly numSegments: number
  readonly paddingIndex?: number | undefined
  readonly dropout: number
  readonly standardDeviation: number
}

export interface BertEmbeddingsParts {
  readonly positions: Positions & Partial<TokenPositions>
  /** Over E. */
  readonly norm: Norm
  /** Initial weights of the projection. */
  readonly initial: LinearInitial
}

/**
 * The vectors that the first layer of a BERT reads.
 *
 *     x = dropout(norm(tokens[ids] + positions + segments[segment of each token]))
 *     y = projection(x) where E ≠ D
 *
 * @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding"; Clark et al. 2020,
 * "ELECTRA: pre-training text encoders as discriminators rather than generators", for the projection
 */
export class BertEmbeddings extends Module {
  readonly tokens: Embedding // [V, E]
  readonly positions: Positions & Partial<TokenPositions>
  readonly segments?: Embedding // [S, E]
  readonly norm: Norm
  readonly dropout: Dropout
  readonly projection?: Linear // [E, D]

  constructor(config: BertEmbeddingsConfig, parts: BertEmbeddingsParts, rng: RandomStream) {
    super()
    const { vocabSize, embeddingSize, hiddenSize, numSegments, paddingIndex, dropout, standardDeviation } = config
    const table = (numEmbeddings: number) => ({ numEmbeddings, embeddingSize, standardDeviation })
    this.tokens = new Embedding({ ...table(vocabSize), ...(paddingIndex !== undefined && { paddingIndex }) }, rng)
    this.positions = parts.positions
    if (numSegments > 0) this.segments = new Embedding(table(numSegments), rng)
    this.norm = parts.norm
    this.dropout = new Dropout({ rate: dropout }, rng)
    if (embeddingSize !== hiddenSize) {
      this.projection = new Linear({ inputSize: embeddingSize, outputSize: hiddenSize }, rng, parts.initial)
    }
  }

  /**
   * @param ids [B, T], int32
   * @param segments [B, T], int32; all 0 when missing, or where there is one segment alone
   * @returns [B, T, D]
   */
  override forward(ids: tf.Tensor, segments?: tf.Tensor): tf.Tensor {
    if (ids.rank !== 2) throw new HeddleError('shape', `BERT: expected token ids [B, T], got [${ids.shape}].`)
    const added = [this.#positions(ids), this.#segments(ids, segments)]
    let x = this.tokens.forward(ids) // [B, T, E]
    for (const vectors of added) if (vectors !== undefined) x = tf.add(x, vectors)
    const embedded = this.dropout.forward(this.norm.forward(x))
    return this.projection === undefined ? embedded : this.projection.forward(embedded)
  }

  /** [T, E] or [B, T, E] */
  #positions(ids: tf.Tensor): tf.Tensor | undefined {
    return this.positions.ofTokens?.(ids) ?? this.positions.vectors?.(ids.shape[1]!, 0)
  }

  /** [E] or [B, T, E] */
  #segments(ids: tf.Tensor, segments: tf.Tensor | undefined): tf.Tensor | undefined {
    if (this.segments === undefined) return undefined
    // Of one segment there is nothing to tell apart, whatever a tokenizer numbers.
    if (segments === undefined || this.segments.weight.shape[0] === 1) {
      const table = this.segments.weight.value as tf.Tensor
      return tf.reshape(tf.slice(table, [0, 0], [1, -1]), [-1])
    }
    if (`${segments.shape}` !== `${ids.shape}`) {
      throw new HeddleError('shape', `BERT: expected segments [${ids.shape}] like the tokens, got [${segments.shape}].`)
    }
    return this.segments.forward(segments)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { bertEmbeddings } = await import('../pytorch/bert.ts')
    return bertEmbeddings(this, source)
  }
}
