import { type AttentionContext, attentionPoint, type MemoryAttention } from '@heddle/attention'
import { asPart, dropoutRate, featureCount, layerCount, partOf } from '@heddle/layers'
import * as z from 'zod'
import { cellSpec } from '../stack.ts'

/** Settings that a decoder and the encoder-decoder around it have in common. */
export const decoderFields = {
  embeddingSize: featureCount.default(128).describe('size of a token vector'),
  hiddenSize: featureCount.default(192).describe("size of the decoder's hidden state"),
  numLayers: layerCount.default(1).describe('number of recurrent layers, each on top of the one before'),
  cell: cellSpec.default('gru'),
  dropout: dropoutRate('token vectors, between layers, before the output'),
  attention: z
    .union([z.literal('none'), partOf(attentionPoint), z.null()])
    .transform((attention) => (attention === 'none' ? null : attention))
    .default('additive')
    .describe(
      "how the decoder looks back at the source: 'additive', 'dot', 'general', a plugin's, { type, … }, or 'none'",
    ),
  style: z
    .enum(['bahdanau', 'bahdanau-deep', 'luong', 'luong-input-feeding'])
    .default('bahdanau-deep')
    .describe(
      "when the decoder attends: before each step ('bahdanau'; in 'bahdanau-deep' the output also reads context and token) or after it ('luong'; in 'luong-input-feeding' the result also enters the next step)",
    ),
}

export const decoderConfig = z.strictObject({
  vocabSize: z.int().min(1).describe('number of different target tokens'),
  ...decoderFields,
})
/** Settings of a decoder, with defaults filled in. */
export type DecoderConfig = z.output<typeof decoderConfig>

/** Settings of a decoder that attends. */
export type AttendingDecoderConfig = DecoderConfig & { readonly attention: Exclude<DecoderConfig['attention'], null> }

/** Builds the attention that a decoder's config names. */
export function decoderAttention(
  attention: AttendingDecoderConfig['attention'],
  context: AttentionContext,
): MemoryAttention {
  return context.registry.create(attentionPoint, asPart(attention), context)
}
