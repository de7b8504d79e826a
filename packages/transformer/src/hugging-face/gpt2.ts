import type { LearnedPositions } from '@heddle/attention'
import type { Linear, Module } from '@heddle/layers'
import * as z from 'zod'
import type { MLP } from '../layers/feed-forward.ts'
import { type TransformerLanguageModel, transformerLanguageModelConfig } from '../models/language-model.ts'
import {
  ACTIVATIONS,
  activationNamed,
  byName,
  type CheckpointFormat,
  checkSettings,
  only,
  parseCheckpointConfig,
} from './checkpoint-format.ts'
import { normNames, type WeightName } from './weight-names.ts'

const gpt2Config = z.object({
  vocab_size: z.int(),
  n_positions: z.int().default(1024),
  n_embd: z.int().default(768),
  n_layer: z.int().default(12),
  n_head: z.int().default(12),
  n_inner: z.int().nullish(),
  activation_function: z.enum(Object.keys(ACTIVATIONS)).default('gelu_new'),
  layer_norm_epsilon: z.number().default(1e-5),
  scale_attn_weights: only(true),
  scale_attn_by_inverse_layer_idx: only(false),
  add_cross_attention: only(false),
  tie_word_embeddings: z.boolean().default(true),
})

const layerNorm = z.strictObject({ type: z.literal('layer-norm'), epsilon: z.number().default(1e-5), bias: only(true) })
const mlp = z.strictObject({
  type: z.literal('mlp'),
  innerSize: z.int().optional(),
  activation: z.enum(['gelu-tanh', 'gelu', 'relu', 'silu', 'tanh']).default('gelu'),
  bias: only(true),
})
/** The settings of a model of ours that is a GPT-2. */
const gpt2Model = transformerLanguageModelConfig.extend({
  norm: byName(layerNorm),
  feedForward: byName(mlp),
  residual: z.literal('pre-norm'),
  positions: byName(z.object({ type: z.literal('learned') })),
  attention: z.strictObject({ bias: only(true), dropout: z.number().optional() }),
})

/**
 * GPT-2. Its linear maps are [in, out] like ours, and queries, keys and values are one map.
 *
 * Dropout is written, and not taken over from a checkpoint.
 */
export const gpt2Checkpoint: CheckpointFormat = {
  modelType: 'gpt2',

  readConfig(config) {
    const parsed = parseCheckpointConfig(gpt2Config, config)
    return {
      type: 'transformer-lm',
      vocabSize: parsed.vocab_size,
      hiddenSize: parsed.n_embd,
      numLayers: parsed.n_layer,
      numHeads: parsed.n_head,
      feedForward: {
        type: 'mlp',
        ...(typeof parsed.n_inner === 'number' && { innerSize: parsed.n_inner }),
        activation: ACTIVATIONS[parsed.activation_function]!,
      },
      norm: { type: 'layer-norm', epsilon: parsed.layer_norm_epsilon },
      residual: 'pre-norm',
      positions: 'learned',
      contextLength: parsed.n_positions,
      tied: parsed.tie_word_embeddings,
    }
  },

  writeConfig({ type, ...settings }) {
    if (type !== 'transformer-lm') return undefined
    const model = checkSettings(gpt2Model, settings)
    if ('differences' in model) return model
    const { vocabSize, hiddenSize, numLayers, numHeads, contextLength, feedForward, norm, tied } = model.data
    const data = {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      dtype: 'float32',
      vocab_size: vocabSize,
      n_positions: contextLength,
      n_embd: hiddenSize,
      n_layer: numLayers,
      n_head: numHeads,
      n_inner: feedForward.innerSize ?? null,
      activation_function: activationNamed(feedForward.activation),
      layer_norm_epsilon: norm.epsilon,
      embd_pdrop: model.data.dropout,
      resid_pdrop: model.data.dropout,
      attn_pdrop: model.data.attention.dropout ?? 0,
      tie_word_embeddings: tied,
    }
    return { data }
  },

  weights(model: Module) {
    const { input, layers, norm, output } = model as TransformerLanguageModel
    return [
      { name: 'transformer.wte.weight', parameters: [input.embedding!.weight] },
      { name: 'transformer.wpe.weight', parameters: [(input.positions as LearnedPositions).weight] },
      ...layers.flatMap(({ attention, attentionNorm, feedForward, feedForwardNorm }, i) => {
        const { query, key, value, output } = attention
        const mlp = feedForward as MLP
        const name = `transformer.h.${i}`
        return [
          ...normNames(`${name}.ln_1`, attentionNorm),
          ...conv1dNames(`${name}.attn.c_attn`, query, key, value),
          ...conv1dNames(`${name}.attn.c_proj`, output),
          ...normNames(`${name}.ln_2`, feedForwardNorm),
          ...conv1dNames(`${name}.mlp.c_fc`, mlp.input),
          ...conv1dNames(`${name}.mlp.c_proj`, mlp.output),
        ]
      }),
      ...normNames('transformer.ln_f', norm!),
      ...(output === undefined ? [] : [{ name: 'lm_head.weight', parameters: [output.weight], transposed: true }]),
    ]
  },

  presentName(name) {
    // Masks, which old checkpoints hold; and a trunk that was saved without its head.
    if (/\.attn\.(masked_)?bias$/.test(name)) return undefined
    return /^(h\.|wte\.|wpe\.|ln_f\.)/.test(name) ? `transformer.${name}` : name
  },
}

/** Linear maps side by side, [in, out]. */
function conv1dNames(name: string, ...maps: readonly Linear[]): WeightName[] {
  return [
    { name: `${name}.weight`, parameters: maps.map(({ weight }) => weight) },
    { name: `${name}.bias`, parameters: maps.map(({ bias }) => bias!) },
  ]
}
