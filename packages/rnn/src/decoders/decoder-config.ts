import { type AttentionContext, attentionPoint, type MemoryAttention } from '@heddle/attention'
import { z } from 'zod'
import { asPart, cellSpec } from '../stack.ts'

const attentionSpec = z
  .union([z.string(), z.looseObject({ type: z.string() }), z.null()])
  .describe(
    "how the source is looked at: 'additive', 'dot', 'general', another plugin's, { type, … }, or null for not at all",
  )

export const decoderConfig = z.strictObject({
  vocabSize: z.int().min(1).describe('number of target tokens'),
  embeddingSize: z.int().min(1).describe('size of a token vector'),
  hiddenSize: z.int().min(1).describe('features of the hidden state'),
  cell: cellSpec.default('gru'),
  numLayers: z.int().min(1).default(1).describe('recurrent layers'),
  dropout: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('dropout of token vectors, between layers and before the output'),
  attention: attentionSpec.default('additive'),
  style: z
    .enum(['bahdanau', 'bahdanau-deep', 'luong', 'luong-input-feeding'])
    .default('bahdanau')
    .describe(
      'when it attends: before each step (bahdanau; -deep: the output also reads context and token) or after it (luong; -input-feeding: what it then makes also goes into the next step)',
    ),
})
/** A decoder's settings, defaults filled in. */
export type DecoderConfig = z.output<typeof decoderConfig>

/** The settings of a decoder that attends. */
export type AttendingDecoderConfig = DecoderConfig & { readonly attention: Exclude<DecoderConfig['attention'], null> }

/** Builds the attention that a decoder's config names. */
export function decoderAttention(
  attention: AttendingDecoderConfig['attention'],
  context: AttentionContext,
): MemoryAttention {
  return context.registry.create(attentionPoint, asPart(attention), context)
}
