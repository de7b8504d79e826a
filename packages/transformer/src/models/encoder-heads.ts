import {
  type BuildContext,
  EncoderClassifier,
  EncoderTagger,
  encoderClassifierConfig,
  encoderTaggerConfig,
} from '@heddle/layers'
import type * as z from 'zod'
import { transformerEncoderConfig } from '../transformer-encoder.ts'

const { input, numLabels } = encoderClassifierConfig.shape

export const transformerClassifierConfig = transformerEncoderConfig.extend({ input, numLabels })
export type TransformerClassifierConfig = z.input<typeof transformerClassifierConfig>

/** A `classifier` with a Transformer as its encoder, under one flat config. */
export function transformerClassifier(config: TransformerClassifierConfig, context: BuildContext): EncoderClassifier {
  const { input, numLabels, ...encoder } = config
  const { dropout = 0 } = encoder
  return new EncoderClassifier({ input, numLabels, dropout, encoder: { ...encoder, type: 'transformer' } }, context)
}

export const transformerTaggerConfig = transformerEncoderConfig
  .omit({ pooling: true })
  .extend(encoderTaggerConfig.pick({ input: true, numLabels: true, scoring: true }).shape)
export type TransformerTaggerConfig = z.input<typeof transformerTaggerConfig>

/** A `tagger` with a Transformer as its encoder, under one flat config. */
export function transformerTagger(config: TransformerTaggerConfig, context: BuildContext): EncoderTagger {
  const { input, numLabels, scoring, ...encoder } = config
  const { dropout = 0 } = encoder
  const head = { input, numLabels, dropout, scoring }
  return new EncoderTagger({ ...head, encoder: { ...encoder, type: 'transformer' } }, context)
}
