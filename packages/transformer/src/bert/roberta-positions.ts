import type { Positions } from '@heddle/attention'
import { HeddleError, type RandomStream } from '@heddle/core'
import { Embedding, embedding, Module, type Parameter, type PyTorchModule, type PyTorchSource } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import type { TokenPositions } from './bert-embeddings.ts'

// B batch, T time, P rows of the table, E embedding size

/** Settings of {@link RobertaPositions}. */
export interface RobertaPositionsConfig {
  /** P */
  readonly maxPositions: number
  /** E */
  readonly embeddingSize: number
  readonly paddingIndex: number
  readonly standardDeviation: number
}

/**
 * Learned positions that count the tokens which are not padding, from paddingIndex + 1 on; padding has position paddingIndex, whose
 * vector is not trained.
 *
 * @see Liu et al. 2019, "RoBERTa: a robustly optimized BERT pretraining approach"; fairseq's `make_positions`
 */
export class RobertaPositions extends Module implements Positions, TokenPositions {
  readonly weight: Parameter // [P, E]
  readonly paddingIndex: number
  readonly maxPositions: number

  constructor(config: RobertaPositionsConfig, rng: RandomStream) {
    super()
    const { maxPositions, embeddingSize, paddingIndex, standardDeviation } = config
    const table = { numEmbeddings: maxPositions, embeddingSize, paddingIndex, standardDeviation }
    this.weight = new Embedding(table, rng).weight
    this.paddingIndex = paddingIndex
    this.maxPositions = maxPositions - paddingIndex - 1
  }

  /**
   * @param ids [B, T], int32
   * @returns [B, T, E]
   */
  override forward(ids: tf.Tensor): tf.Tensor {
    return this.ofTokens(ids)
  }

  /** @throws HeddleError `shape` past the last position */
  ofTokens(ids: tf.Tensor): tf.Tensor {
    const T = ids.shape[1]!
    if (T > this.maxPositions) {
      throw new HeddleError(
        'shape',
        `RobertaPositions: expected at most ${this.maxPositions} steps, got ${T}. Use shorter inputs, or more positions.`,
      )
    }
    const real = tf.cast(tf.notEqual(ids, this.paddingIndex), 'int32') // [B, T]
    const positions = tf.add(tf.mul(tf.cumsum(real, 1), real), tf.scalar(this.paddingIndex, 'int32'))
    return embedding(positions, this.weight.value, this.paddingIndex)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { robertaPositions } = await import('../pytorch/bert.ts')
    return robertaPositions(this, source)
  }
}
