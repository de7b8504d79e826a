import { HeddleError, parseConfig } from '@heddle/core'
import {
  type BuildContext,
  Dropout,
  dropoutRate,
  type Embedding,
  encoderInput,
  featureCount,
  Linear,
  layerCount,
  Module,
  NGramEmbedding,
  ngramEmbeddingConfig,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { inputLayer, readInput } from '../input.ts'
import { type PoolingKind, pool, poolingKind } from '../pooling.ts'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, I size of a step, D directions, H hidden size, C labels

export const recurrentClassifierConfig = z.strictObject({
  input: encoderInput,
  numLabels: z.int().min(1).describe('number of different labels'),
  embeddingSize: featureCount.default(128).describe('size of a token vector, where the input is tokens'),
  ngrams: ngramEmbeddingConfig
    .nullable()
    .optional()
    .describe(
      'vectors of the n-grams that end at each token, beside its own, where the input is tokens; null for none (default: none)',
    ),
  hiddenSize: featureCount.default(128).describe('size of the hidden state in each direction'),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('lstm'),
  bidirectional: z.boolean().default(false).describe('whether the sequence is also read from its end'),
  dropout: dropoutRate('input vectors, between layers, before the output'),
  pooling: poolingKind.default('last'),
})
export type RecurrentClassifierConfig = z.input<typeof recurrentClassifierConfig>

/**
 * Many to one: reads a sequence, then gives one label.
 *
 * With `ngrams` a step is the vector of its token beside the sum of the vectors of the n-grams that end there, so that words and
 * phrases have vectors of their own.
 *
 * Without `ngrams`, `embedding` and `recurrent` have the paths and shapes of a {@link RecurrentLanguageModel} of the same sizes, so the weights of a
 * trained language model can be loaded into it (not strictly).
 */
export class RecurrentClassifier extends Module {
  readonly embedding?: Embedding
  readonly ngrams?: NGramEmbedding
  readonly recurrent: Recurrent
  readonly output: Linear // [D·H, C]
  readonly dropout: Dropout
  readonly pooling: PoolingKind

  constructor(config: RecurrentClassifierConfig, context: BuildContext) {
    super()
    const { input, numLabels, embeddingSize, ngrams, dropout, pooling, ...rest } = parseConfig(
      'RecurrentClassifier',
      recurrentClassifierConfig,
      config,
    )
    const { embedding, size } = inputLayer(input, embeddingSize, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    if (ngrams) {
      if (embedding === undefined) {
        throw new HeddleError(
          'config',
          'RecurrentClassifier: expected ngrams only where the input is tokens, got an input of vectors. Leave them out.',
        )
      }
      this.ngrams = new NGramEmbedding(ngrams, context.rng)
    }
    const inputSize = size + (this.ngrams?.embeddingSize ?? 0)
    this.recurrent = recurrentStack({ ...rest, inputSize, dropout }, context)
    this.output = new Linear({ inputSize: this.recurrent.outputSize, outputSize: numLabels }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    this.pooling = pooling
  }

  /**
   * @param source tokens [B, T] of int32, vectors [B, T, I] or pictures [B, T, width, channels], read row by row
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @returns logits [B, C], and the vector [B, D·H] from which they are computed
   */
  override forward(source: tf.Tensor, lengths?: tf.Tensor): { logits: tf.Tensor; features: tf.Tensor } {
    const tokens = readInput('RecurrentClassifier', this.embedding, source)
    const x = this.dropout.forward(this.ngrams ? tf.concat([tokens, this.ngrams.forward(source)], 2) : tokens) // [B, T, I]
    const run = this.recurrent.forward(x, lengths && { lengths })
    const directions = this.recurrent.layers.at(-1)!.backward === undefined ? 1 : 2
    const features = pool(this.pooling, run, directions, lengths) // [B, D·H]
    observe(this, 'features', features)
    return { logits: this.output.forward(this.dropout.forward(features)), features }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentClassifier } = await import('../pytorch/models.ts')
    return recurrentClassifier(this, source)
  }
}
