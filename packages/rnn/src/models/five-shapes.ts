import { parseConfig } from '@heddle/core'
import { type BuildContext, tokenInput, vectorInput } from '@heddle/layers'
import * as z from 'zod'
import { Bridge } from '../decoders/bridge.ts'
import { createDecoder } from '../decoders/create-decoder.ts'
import { decoderFields } from '../decoders/decoder-config.ts'
import { RecurrentClassifier, type RecurrentClassifierConfig } from './classifier.ts'
import { OneStep, type OneStepConfig } from './one-step.ts'
import { RecurrentSeq2Seq, type RecurrentSeq2SeqConfig } from './seq2seq.ts'
import { RecurrentTagger, type RecurrentTaggerConfig } from './tagger.ts'
import { VectorEncoder } from './vector-encoder.ts'

const { embeddingSize, hiddenSize, numLayers, cell, dropout } = decoderFields

export const oneToManyConfig = z.strictObject({
  source: vectorInput.describe('size of the source: a vector { featureSize }'),
  target: tokenInput.describe('size of the target: tokens { vocabSize }'),
  embeddingSize,
  hiddenSize,
  numLayers,
  cell,
  dropout,
})
export type OneToManyConfig = z.input<typeof oneToManyConfig>

/** One to one: a fixed input, a fixed output. */
export const oneToOne = (config: OneStepConfig, context: BuildContext): OneStep => new OneStep(config, context)

/** One to many: a vector, then a sequence made from it, such as a name from its language. */
export function oneToMany(config: OneToManyConfig, context: BuildContext): RecurrentSeq2Seq {
  const { source, target, ...sizes } = parseConfig('oneToMany', oneToManyConfig, config)
  const encoder = new VectorEncoder(source.featureSize)
  const decoder = createDecoder({ ...sizes, ...target, attention: null }, encoder.outputSize, context)
  const bridge = new Bridge('linear', encoder, decoder.recurrent, context.rng)
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
