import { parseConfig } from '@heddle/core'
import { type BuildContext, Dropout, type Embedding, Linear, Module, observe } from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { inputLayer, readInput, sequenceInput } from '../input.ts'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, I size of a step, D directions, H hidden size, C tags

export const recurrentTaggerConfig = z.strictObject({
  input: sequenceInput,
  numTags: z.int().min(1).describe('tags'),
  hiddenSize: z.int().min(1).describe('features of the hidden state of each direction'),
  cell: cellSpec.default('lstm'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers'),
  bidirectional: z.boolean().default(true).describe('whether a tag may depend on what follows'),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('dropout of input vectors, between layers and before the output'),
})
export type RecurrentTaggerConfig = z.input<typeof recurrentTaggerConfig>

/**
 * Many to many in step: a tag for every step, as in part-of-speech tagging or labels for the frames of a clip.
 *
 * @see Graves & Schmidhuber 2005, "Framewise phoneme classification with bidirectional LSTM and other neural network
 * architectures"
 */
export class RecurrentTagger extends Module {
  readonly embedding?: Embedding
  readonly recurrent: Recurrent
  readonly output: Linear // [D·H, C]
  readonly dropout: Dropout

  constructor(config: RecurrentTaggerConfig, context: BuildContext) {
    super()
    const { input, numTags, dropout, ...rest } = parseConfig('RecurrentTagger', recurrentTaggerConfig, config)
    const { embedding, size } = inputLayer(input, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    this.recurrent = recurrentStack({ ...rest, inputSize: size, dropout }, context)
    this.output = new Linear({ inputSize: this.recurrent.outputSize, outputSize: numTags }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
  }

  /**
   * @param source [B, T] of int32, or [B, T, I]
   * @param lengths [B], int32; all steps count when left out
   * @returns logits [B, T, C]; those past a length mean nothing
   */
  override forward(source: tf.Tensor, lengths?: tf.Tensor): { logits: tf.Tensor } {
    const x = this.dropout.forward(readInput('RecurrentTagger', this.embedding, source)) // [B, T, I]
    const { outputs } = this.recurrent.forward(x, lengths && { lengths })
    observe(this, 'hidden', outputs)
    return { logits: this.output.forward(this.dropout.forward(outputs)) }
  }
}
