import { HeddleError, parseConfig } from '@heddle/core'
import { type BuildContext, Linear, Module } from '@heddle/layers'
import * as tf from '@tensorflow/tfjs-core'
import { z } from 'zod'
import { cellPoint, type RecurrentCell, zeroState } from '../cells/cell.ts'
import { Bridge } from '../decoders/bridge.ts'
import { decoderConfig } from '../decoders/decoder-config.ts'
import { type EncodedSource, SequenceEncoder } from '../recurrent-encoder.ts'
import { asPart, cellSpec } from '../stack.ts'
import { RecurrentClassifier, type RecurrentClassifierConfig } from './classifier.ts'
import { createDecoder, RecurrentSeq2Seq, type RecurrentSeq2SeqConfig } from './seq2seq.ts'
import { RecurrentTagger, type RecurrentTaggerConfig } from './tagger.ts'

// B batch, I input size, H hidden size, O output size, F size of what is described

export const oneToOneConfig = z.strictObject({
  inputSize: z.int().min(1).describe('features of an input'),
  outputSize: z.int().min(1).describe('features of an output'),
  hiddenSize: z.int().min(1).describe('features of the hidden state'),
  cell: cellSpec.default('rnn'),
})
export type OneToOneConfig = z.input<typeof oneToOneConfig>

/** One step of a cell, from a state of zeros, then an output layer: what a recurrent network is for a sequence of one. */
export class OneStep extends Module {
  readonly cell: RecurrentCell
  readonly output: Linear // [H, O]

  constructor(config: OneToOneConfig, context: BuildContext) {
    super()
    const { inputSize, outputSize, hiddenSize, cell } = parseConfig('OneStep', oneToOneConfig, config)
    this.cell = context.registry.create(cellPoint, asPart(cell), { ...context, inputSize, hiddenSize })
    this.output = new Linear({ inputSize: hiddenSize, outputSize }, context.rng)
  }

  /**
   * @param x [B, I]
   * @returns logits [B, O]
   */
  override forward(x: tf.Tensor): { logits: tf.Tensor } {
    const step = this.cell.forward(x, zeroState(this.cell, x.shape[0]!))
    return { logits: this.output.forward(step.output) }
  }
}

export const oneToManyConfig = z.strictObject({
  featureSize: z.int().min(1).describe('features of what the sequence is made from'),
  decoder: decoderConfig.omit({ attention: true, style: true }).describe('the network that writes the sequence'),
})
export type OneToManyConfig = z.input<typeof oneToManyConfig>

/** A single vector as a memory of one step. */
export class VectorEncoder extends SequenceEncoder {
  readonly memorySize: number
  readonly stateSizes = []

  constructor(featureSize: number) {
    super()
    this.memorySize = featureSize
  }

  /** @param features [B, F] */
  override forward(features: tf.Tensor): EncodedSource {
    if (features.rank !== 2 || features.shape[1] !== this.memorySize) {
      throw new HeddleError('shape', `VectorEncoder: expected [B, ${this.memorySize}], got [${features.shape}].`)
    }
    return { memory: tf.expandDims(features, 1), state: [] }
  }
}

/** One to one: a fixed input, a fixed output. */
export const oneToOne = (config: OneToOneConfig, context: BuildContext): OneStep => new OneStep(config, context)

/** One to many: a vector, then a sequence made from it, such as the caption of an image. */
export function oneToMany(config: OneToManyConfig, context: BuildContext): RecurrentSeq2Seq {
  const parsed = parseConfig('oneToMany', oneToManyConfig, config)
  const encoder = new VectorEncoder(parsed.featureSize)
  const decoder = createDecoder({ ...parsed.decoder, attention: null }, encoder.memorySize, context)
  const bridge = new Bridge('mean', encoder, decoder.recurrent, context.rng)
  return new RecurrentSeq2Seq({ encoder, bridge, decoder })
}

/** Many to one: a sequence, then one output, such as the sentiment of a review. */
export const manyToOne = (config: RecurrentClassifierConfig, context: BuildContext): RecurrentClassifier =>
  new RecurrentClassifier(config, context)

/** Many to many, after the end: a whole sequence is read before the first output, as in translation. */
export const manyToManyAfter = (config: RecurrentSeq2SeqConfig, context: BuildContext): RecurrentSeq2Seq =>
  RecurrentSeq2Seq.create(config, context)

/** Many to many, in step: an output for each input, such as a label for every frame of a clip. */
export const manyToManyInStep = (config: RecurrentTaggerConfig, context: BuildContext): RecurrentTagger =>
  new RecurrentTagger(config, context)
