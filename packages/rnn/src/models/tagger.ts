import { parseConfig } from '@heddle/core'
import {
  type BuildContext,
  ConditionalRandomField,
  Dropout,
  dropoutRate,
  type Embedding,
  encoderInput,
  featureCount,
  Linear,
  labelScoring,
  layerCount,
  Module,
  observe,
  type PyTorchModule,
  type PyTorchSource,
} from '@heddle/layers'
import type * as tf from '@tensorflow/tfjs-core'
import * as z from 'zod'
import { inputLayer, readInput } from '../input.ts'
import type { Recurrent } from '../recurrent.ts'
import { cellSpec, recurrentStack } from '../stack.ts'

// B batch, T time, I size of a step, D directions, H hidden size, C labels

export const recurrentTaggerConfig = z.strictObject({
  input: encoderInput,
  numLabels: z.int().min(1).describe('number of different labels'),
  embeddingSize: featureCount.default(128).describe('size of a token vector, where the input is tokens'),
  hiddenSize: featureCount.default(128).describe('size of the hidden state in each direction'),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('lstm'),
  bidirectional: z.boolean().default(true).describe('whether a label may depend on later steps'),
  dropout: dropoutRate('input vectors, between layers, before the output'),
  scoring: labelScoring,
})
export type RecurrentTaggerConfig = z.input<typeof recurrentTaggerConfig>

/**
 * Many to many in step: a label for every step, as in part-of-speech tagging.
 *
 * @see Graves & Schmidhuber 2005, "Framewise phoneme classification with bidirectional LSTM and other neural network
 * architectures"
 */
export class RecurrentTagger extends Module {
  readonly embedding?: Embedding
  readonly recurrent: Recurrent
  readonly output: Linear // [D·H, C]
  readonly dropout: Dropout
  /** Capability: scores the labels of a sequence together. */
  readonly crf?: ConditionalRandomField

  constructor(config: RecurrentTaggerConfig, context: BuildContext) {
    super()
    const { input, numLabels, embeddingSize, dropout, scoring, ...rest } = parseConfig(
      'RecurrentTagger',
      recurrentTaggerConfig,
      config,
    )
    const { embedding, size } = inputLayer(input, embeddingSize, context.rng)
    if (embedding !== undefined) this.embedding = embedding
    this.recurrent = recurrentStack({ ...rest, inputSize: size, dropout }, context)
    this.output = new Linear({ inputSize: this.recurrent.outputSize, outputSize: numLabels }, context.rng)
    this.dropout = new Dropout({ rate: dropout }, context.rng)
    if (scoring === 'crf') this.crf = new ConditionalRandomField({ numLabels }, context.rng)
  }

  /**
   * @param source tokens [B, T] of int32, vectors [B, T, I] or pictures [B, T, width, channels], read row by row
   * @param lengths number of real steps in each row, [B], int32; all when missing
   * @returns logits [B, T, C]; those past a length have no meaning
   */
  override forward(source: tf.Tensor, lengths?: tf.Tensor): { logits: tf.Tensor } {
    const x = this.dropout.forward(readInput('RecurrentTagger', this.embedding, source)) // [B, T, I]
    const { outputs } = this.recurrent.forward(x, lengths && { lengths })
    observe(this, 'hidden', outputs)
    return { logits: this.output.forward(this.dropout.forward(outputs)) }
  }

  /** Capability: describes itself as PyTorch code. */
  async toPyTorch(source: PyTorchSource): Promise<PyTorchModule> {
    const { recurrentTagger } = await import('../pytorch/models.ts')
    return recurrentTagger(this, source)
  }
}
