import * as z from 'zod'
import { paddingIndex } from '../input-layer.ts'
import { transformerFields } from '../layers/layer-config.ts'

const { attention, feedForward, norm, residual, positions, dropout } = transformerFields
const attentionFields = attention.unwrap()
const numSegments = z
  .int()
  .min(0)
  .default(2)
  .describe('number of segments that have a vector: 2 for pairs of texts, 0 for none')
const bertPooling = z
  .enum(['pooler', 'first', 'mean', 'max'])
  .describe(
    "vector for the whole input: 'pooler' a trained layer with tanh over the first step, the 'first' step, or the 'mean' or 'max' over all",
  )

const fields = {
  hiddenSize: z.int().min(1).default(256).describe('size of the vector of a step'),
  numLayers: z.int().min(1).default(4).describe('number of layers, each on top of the one before'),
  numHeads: z.int().min(1).default(4).describe('number of attention heads'),
  attention: attentionFields
    .extend({
      dropout: attentionFields.shape.dropout.unwrap().default(0.1).describe(attentionFields.shape.dropout.description!),
    })
    .prefault({})
    .describe('settings of attention'),
  feedForward,
  norm: norm.unwrap().default({ type: 'layer-norm', epsilon: 1e-12 }).describe(norm.description!),
  residual: residual.unwrap().default('post-norm').describe(residual.unwrap().description!),
  dropout: dropout.unwrap().default(0.1).describe(dropout.description!),
  maxPositions: z.int().min(1).default(512).describe('number of tokens that the model reads at most'),
  paddingIndex,
  initializerRange: z.number().positive().default(0.02).describe('standard deviation of the initial weights'),
}
const bertPositions = positions.unwrap().default('learned').describe(positions.description!)

/** Settings of BERT's encoder. Defaults are those of the paper but for the size, which is BERT-mini's (Turc et al. 2019). */
export const bertConfig = z.strictObject({
  ...fields,
  positions: bertPositions,
  numSegments,
  pooling: bertPooling.default('pooler'),
})
export type BertConfig = z.input<typeof bertConfig>

/** Settings of RoBERTa's encoder: learned positions that start after the padding index, and one segment. */
export const robertaConfig = z.strictObject({
  ...fields,
  maxPositions: z
    .int()
    .min(1)
    .default(514)
    .describe('rows of the table of positions, of which the first paddingIndex + 1 are not used by tokens'),
  paddingIndex: z
    .int()
    .min(0)
    .default(1)
    .describe('token that fills up short rows; positions count the other tokens, from paddingIndex + 1 on'),
  numSegments: numSegments.unwrap().default(1).describe(numSegments.description!),
  pooling: bertPooling.default('first'),
})
export type RobertaConfig = z.input<typeof robertaConfig>

/** Settings of DistilBERT's encoder: no segments and no pooler. */
export const distilbertConfig = z.strictObject({
  ...fields,
  positions: bertPositions,
  pooling: bertPooling.exclude(['pooler']).default('first').describe(bertPooling.description!),
})
export type DistilbertConfig = z.input<typeof distilbertConfig>

/** Settings of ELECTRA's encoder: token vectors of a size of their own, and no pooler. */
export const electraConfig = z.strictObject({
  ...fields,
  positions: bertPositions,
  numSegments,
  embeddingSize: z
    .int()
    .min(1)
    .optional()
    .describe(
      'size of the vectors of tokens, positions and segments, which a linear map brings to hiddenSize (default: hiddenSize)',
    ),
  pooling: bertPooling.exclude(['pooler']).default('first').describe(bertPooling.description!),
})
export type ElectraConfig = z.input<typeof electraConfig>

/** Settings of any of these encoders, with defaults filled in. */
export type BertEncoderSettings = z.output<typeof bertConfig> & { readonly embeddingSize?: number | undefined }
