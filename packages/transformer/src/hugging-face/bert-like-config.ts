import * as z from 'zod'
import type { DropoutField, Settings } from './bert-heads.ts'
import {
  ACTIVATIONS,
  activationNamed,
  byName,
  type CheckpointConfig,
  only,
  parseCheckpointConfig,
} from './checkpoint-format.ts'

const bertLike = z.object({
  vocab_size: z.int().default(30_522),
  hidden_size: z.int().default(768),
  num_hidden_layers: z.int().default(12),
  num_attention_heads: z.int().default(12),
  intermediate_size: z.int().default(3072),
  hidden_act: z.enum(Object.keys(ACTIVATIONS)).default('gelu'),
  hidden_dropout_prob: z.number().default(0.1),
  attention_probs_dropout_prob: z.number().default(0.1),
  max_position_embeddings: z.int().default(512),
  type_vocab_size: z.int().default(2),
  initializer_range: z.number().default(0.02),
  layer_norm_eps: z.number().default(1e-12),
  pad_token_id: z.int().nullish(),
  classifier_dropout: z.number().nullish(),
  position_embedding_type: only('absolute'),
  is_decoder: only(false),
  add_cross_attention: only(false),
  tie_word_embeddings: only(true),
})

/** The fields of config.json that BERT, RoBERTa and ELECTRA share. */
const parseBertLike = (config: CheckpointConfig) => parseCheckpointConfig(bertLike, config)

/** Settings of an encoder but its pooling, from the fields that BERT, RoBERTa and ELECTRA share. */
export function readBertLike(config: CheckpointConfig): Settings & { readonly vocabSize: number } {
  const parsed = parseBertLike(config)
  return {
    vocabSize: parsed.vocab_size,
    hiddenSize: parsed.hidden_size,
    numLayers: parsed.num_hidden_layers,
    numHeads: parsed.num_attention_heads,
    attention: { dropout: parsed.attention_probs_dropout_prob },
    feedForward: {
      type: 'mlp',
      innerSize: parsed.intermediate_size,
      activation: ACTIVATIONS[parsed.hidden_act]!,
    },
    norm: { type: 'layer-norm', epsilon: parsed.layer_norm_eps },
    dropout: parsed.hidden_dropout_prob,
    maxPositions: parsed.max_position_embeddings,
    numSegments: parsed.type_vocab_size,
    initializerRange: parsed.initializer_range,
    ...(typeof parsed.pad_token_id === 'number' && { paddingIndex: parsed.pad_token_id }),
  }
}

const mlp = z.strictObject({
  type: z.literal('mlp'),
  innerSize: z.int().optional(),
  activation: z.enum([...new Set(Object.values(ACTIVATIONS))]).default('gelu'),
  bias: only(true),
})
const layerNorm = z.strictObject({ type: z.literal('layer-norm'), epsilon: z.number().default(1e-5), bias: only(true) })

/** Settings of an encoder's parts, as far as transformers' BERTs have them. */
export const bertParts = {
  norm: byName(layerNorm).default({ type: 'layer-norm', epsilon: 1e-12 }),
  feedForward: byName(mlp).prefault('mlp'),
  residual: z.literal('post-norm').default('post-norm'),
  attention: z.strictObject({ bias: only(true), dropout: z.number().default(0.1) }).prefault({}),
}

/** The positions that transformers' BERTs have. */
export const learnedPositions = byName(z.strictObject({ type: z.literal('learned') })).prefault('learned')

interface BertLikeSettings {
  readonly hiddenSize: number
  readonly numLayers: number
  readonly numHeads: number
  readonly attention: { readonly dropout: number }
  readonly feedForward: { readonly innerSize?: number | undefined; readonly activation: string }
  readonly norm: { readonly epsilon: number }
  readonly dropout: number
  readonly maxPositions: number
  readonly numSegments: number
  readonly initializerRange: number
  readonly paddingIndex?: number | undefined
}

/** The fields of config.json for checked settings of an encoder. */
export function writeBertLike(settings: Settings, vocabSize: number): CheckpointConfig {
  const encoder = settings as unknown as BertLikeSettings
  const { hiddenSize, attention, feedForward } = encoder
  return {
    vocab_size: vocabSize,
    hidden_size: hiddenSize,
    num_hidden_layers: encoder.numLayers,
    num_attention_heads: encoder.numHeads,
    intermediate_size: feedForward.innerSize ?? 4 * hiddenSize,
    hidden_act: activationNamed(feedForward.activation),
    hidden_dropout_prob: encoder.dropout,
    attention_probs_dropout_prob: attention.dropout,
    max_position_embeddings: encoder.maxPositions,
    type_vocab_size: encoder.numSegments,
    initializer_range: encoder.initializerRange,
    layer_norm_eps: encoder.norm.epsilon,
    pad_token_id: encoder.paddingIndex ?? null,
  }
}

/** The dropout of a head: `classifier_dropout`, or that of the encoder. */
export const classifierDropout: DropoutField = {
  read(config) {
    const { classifier_dropout: own, hidden_dropout_prob: shared } = parseBertLike(config)
    return own ?? shared
  },
  write: (rate, { dropout }) => ({ classifier_dropout: rate === dropout ? null : rate }),
}

/** A head without dropout. */
export const noDropout: DropoutField = { read: () => 0, write: (rate) => (rate === 0 ? {} : undefined) }

/** Activation and epsilon of the layers, in config.json and in an encoder's settings. */
export const layerHead = {
  head(config: CheckpointConfig) {
    const { hidden_act, layer_norm_eps } = parseBertLike(config)
    return { activation: ACTIVATIONS[hidden_act]!, epsilon: layer_norm_eps }
  },
  headOf(encoder: Settings) {
    const { feedForward, norm } = encoder as unknown as BertLikeSettings
    return { activation: feedForward.activation, epsilon: norm.epsilon }
  },
}

/** The same with GELU, whatever the layers have. */
export const geluHead = {
  head: (config: CheckpointConfig) => ({ ...layerHead.head(config), activation: 'gelu' }),
  headOf: (encoder: Settings) => ({ ...layerHead.headOf(encoder), activation: 'gelu' }),
}
