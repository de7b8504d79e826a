import { HeddleError, parseConfig, type RandomStream } from '@heddle/core'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { checkWithin } from './check-within.ts'
import { fusedOp } from './fused-op.ts'
import { stopGradient } from './gradients.ts'
import { normal } from './initializers.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import type { PyTorchModule } from './pytorch/pytorch-module.ts'
import { featureCount } from './size-fields.ts'

// N any leading axes, V number of embeddings, D embedding size

export const embeddingConfig = z.strictObject({
  numEmbeddings: z.int().min(1).describe('number of rows in the table, usually the vocabulary size'),
  embeddingSize: featureCount.describe('size of a row'),
  paddingIndex: z.int().min(0).optional().describe('row that starts at zero and is not trained'),
  standardDeviation: z.number().positive().default(1).describe('standard deviation of the initial values'),
})
export type EmbeddingConfig = z.input<typeof embeddingConfig>

/**
 * Table of vectors, looked up by id: the product of a one-hot vector and a matrix.
 *
 * Rows start from a normal distribution of mean 0 and, as in PyTorch, variance 1. The row of `paddingIndex` starts at zero and gets
 * no gradient.
 */
export class Embedding extends Module {
  readonly weight: Parameter // [V, D]
  readonly paddingIndex: number | undefined

  constructor(config: EmbeddingConfig, rng: RandomStream) {
    super()
    const { numEmbeddings, embeddingSize, paddingIndex, standardDeviation } = parseConfig(
      'Embedding',
      embeddingConfig,
      config,
    )
    if (paddingIndex !== undefined && paddingIndex >= numEmbeddings) {
      throw new HeddleError(
        'config',
        `Embedding: expected paddingIndex below numEmbeddings (${numEmbeddings}), got ${paddingIndex}.`,
      )
    }
    this.paddingIndex = paddingIndex
    this.weight = new Parameter(
      [numEmbeddings, embeddingSize],
      (shape, stream) => {
        const values = normal(standardDeviation)(shape, stream)
        if (paddingIndex !== undefined) values.fill(0, paddingIndex * embeddingSize, (paddingIndex + 1) * embeddingSize)
        return values
      },
      rng,
      { table: true },
    )
  }

  /**
   * @param ids [N…], int32, each in [0, V)
   * @returns [N…, D]
   */
  forward(ids: tf.Tensor): tf.Tensor {
    return embedding(ids, this.weight.value, this.paddingIndex)
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(): Promise<PyTorchModule> {
    const { embedding } = await import('./pytorch/layers.ts')
    return embedding(this)
  }
}

/**
 * The rows of `table` at `ids`; no gradient reaches the row `paddingIndex`.
 *
 * @param ids [N…], int32
 * @param table [V, D]
 * @returns [N…, D]
 */
export function embedding(ids: tf.Tensor, table: tf.Tensor, paddingIndex?: number): tf.Tensor {
  if (ids.dtype !== 'int32')
    throw new HeddleError('shape', `Embedding: expected int32 ids, got ${ids.dtype} [${ids.shape}].`)
  return fusedOp('HeddleEmbedding', { ids, table }, { paddingIndex: paddingIndex ?? -1 }, embeddingReference)[0]
}

function embeddingReference(
  { ids, table }: { ids: tf.Tensor; table: tf.Tensor },
  { paddingIndex }: { paddingIndex: number },
): [tf.Tensor] {
  checkWithin('Embedding', 'ids', ids, [0, table.shape[0]! - 1])
  const rows = tf.gather(table, ids as tf.Tensor1D) // [N…, D]
  if (paddingIndex < 0) return [rows]
  const isPadding = tf.expandDims(tf.equal(ids, paddingIndex), -1) // [N…, 1]
  return [tf.where(tf.broadcastTo(isPadding, rows.shape), stopGradient(rows), rows)]
}
