import { parseConfig } from '@heddle/core'
import { type BuildContext, Dropout, type Embedding, Linear, Module, observe } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { inputLayer, readInput, sequenceInput } from '../input.ts'
import { type PoolingKind, pool, poolingKind } from '../pooling.ts'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, I size of a step, D directions, H hidden size, C classes

export const recurrentClassifierConfig = z.strictObject({
  input: sequenceInput,
  numClasses: z.int().min(1).describe('classes'),
  hiddenSize: z.int().min(1).describe('features of the hidden state of each direction'),
  cell: cellSpec.default('lstm'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers'),
  bidirectional: z.boolean().default(false).describe('whether the sequence is also read from its end'),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('dropout of input vectors, between layers and before the output'),
  pooling: poolingKind.default('last'),
})
export type RecurrentClassifierConfig = z.input<typeof recurrentClassifierConfig>

/**
 * Many to one: a sequence is read, then classified.
 *
 * Its `embedding` and `recurrent` have the paths and shapes of a {@link RecurrentLanguageModel} of the same sizes, so that a
 * trained language model's weights can be loaded into it (not strictly): its last state is then the context that is classified.
 */
export class RecurrentClassifier extends Module {
  readonly embedding?: Embedding
  readonly recurrent: Recurrent
  readonly output: Linear // [D·H, C]
  readonly dropout: Dropout
  readonly pooling: PoolingKind

  constructor(config: RecurrentClassifierConfig, context: BuildContext) {
    super()
    const { input, numClasses, dropout, pooling, ...rest } = parseConfig(
      'RecurrentClassifier',
      recurrentClassifierConfig,
      config,
    )
    const { embedding, size } = inputLayer(input, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    this.recurrent = recurrentStack({ ...rest, inputSize: size, dropout }, context)
    this.output = new Linear({ inputSize: this.recurrent.outputSize, outputSize: numClasses }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    this.pooling = pooling
  }

  /**
   * @param source [B, T] of int32, or [B, T, I]
   * @param lengths [B], int32; all steps count when left out
   * @returns logits [B, C], and the vector [B, D·H] that they are computed from
   */
  override forward(source: tf.Tensor, lengths?: tf.Tensor): { logits: tf.Tensor; features: tf.Tensor } {
    const x = this.dropout.forward(readInput('RecurrentClassifier', this.embedding, source)) // [B, T, I]
    const run = this.recurrent.forward(x, lengths && { lengths })
    const directions = this.recurrent.layers.at(-1)!.backward === undefined ? 1 : 2
    const features = pool(this.pooling, run, directions, lengths) // [B, D·H]
    observe(this, 'features', features)
    return { logits: this.output.forward(this.dropout.forward(features)), features }
  }
}
