import type { ActivationName, Module } from '@heddle/layers'
import * as z from 'zod'
import type { GatedMLP } from '../layers/gated-mlp.ts'
import { type TransformerLanguageModel, transformerLanguageModelConfig } from '../models/language-model.ts'
import {
  byName,
  type Checked,
  type CheckpointConfig,
  type CheckpointFormat,
  checkSettings,
  only,
  parseCheckpointConfig,
} from './checkpoint-format.ts'
import { linearNames, normNames, type WeightName } from './weight-names.ts'

const ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  silu: 'silu',
  gelu: 'gelu',
  gelu_pytorch_tanh: 'gelu-tanh',
  relu: 'relu',
}

const ropeParameters = z.object({ rope_theta: z.number().default(10_000), rope_type: only('default') })

const shared = z.object({
  vocab_size: z.int(),
  hidden_size: z.int(),
  intermediate_size: z.int(),
  num_hidden_layers: z.int(),
  num_attention_heads: z.int(),
  num_key_value_heads: z.int().nullish(),
  head_dim: z.int().nullish(),
  max_position_embeddings: z.int().default(2048),
  hidden_act: z.enum(Object.keys(ACTIVATIONS)).default('silu'),
  rms_norm_eps: z.number().default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: only(false),
  mlp_bias: only(false),
  use_sliding_window: only(false),
  // Since transformers 5 both are in rope_parameters.
  rope_theta: z.number().optional(),
  rope_scaling: z.null().optional(),
  rope_parameters: ropeParameters.optional(),
})

const rmsNorm = byName(z.strictObject({ type: z.literal('rms-norm'), epsilon: z.number().default(1e-6) }))

/** The settings of a model of ours that is a Llama or a Qwen3. */
const llamaModel = transformerLanguageModelConfig.extend({
  norm: rmsNorm,
  feedForward: byName(
    z.strictObject({
      type: z.literal('gated-mlp'),
      innerSize: z.int().optional(),
      activation: z.enum(['silu', 'gelu', 'gelu-tanh', 'relu']).default('silu'),
      bias: only(false),
    }),
  ),
  residual: z.literal('pre-norm'),
  positions: byName(z.strictObject({ type: z.literal('rotary'), base: z.number().default(10_000), share: only(1) })),
  attention: z.strictObject({
    numKeyValueHeads: z.int().optional(),
    headSize: z.int().optional(),
    bias: z.literal(false),
    window: z.undefined().optional(),
    norm: rmsNorm.optional(),
    dropout: z.number().optional(),
  }),
})

/** The format of Llama, and of Qwen3, which has a norm of each head's queries and keys. */
function llamaFormat(modelType: string, architecture: string, headNorm: boolean): CheckpointFormat {
  return {
    modelType,

    readConfig(config) {
      const parsed = parseCheckpointConfig(shared, config)
      const norm = { type: 'rms-norm', epsilon: parsed.rms_norm_eps }
      return {
        type: 'transformer-lm',
        vocabSize: parsed.vocab_size,
        hiddenSize: parsed.hidden_size,
        numLayers: parsed.num_hidden_layers,
        numHeads: parsed.num_attention_heads,
        attention: {
          numKeyValueHeads: parsed.num_key_value_heads ?? parsed.num_attention_heads,
          // Qwen3 has a default of its own, whatever its other sizes.
          headSize: parsed.head_dim ?? (headNorm ? 128 : parsed.hidden_size / parsed.num_attention_heads),
          bias: false,
          ...(headNorm && { norm }),
        },
        feedForward: {
          type: 'gated-mlp',
          innerSize: parsed.intermediate_size,
          activation: ACTIVATIONS[parsed.hidden_act]!,
        },
        norm,
        residual: 'pre-norm',
        positions: { type: 'rotary', base: parsed.rope_parameters?.rope_theta ?? parsed.rope_theta ?? 10_000 },
        contextLength: parsed.max_position_embeddings,
        tied: parsed.tie_word_embeddings,
      }
    },

    writeConfig({ type, ...settings }): Checked<CheckpointConfig> | undefined {
      if (type !== 'transformer-lm') return undefined
      const model = checkSettings(llamaModel, settings)
      if ('differences' in model) return model
      const { vocabSize, hiddenSize, numLayers, numHeads, attention, feedForward, norm, positions } = model.data
      if ((attention.norm !== undefined) !== headNorm) {
        return { differences: [`attention.norm: expected ${headNorm ? 'a norm' : 'none'}`] }
      }
      if (attention.norm !== undefined && attention.norm.epsilon !== norm.epsilon) {
        return { differences: [`attention.norm.epsilon: expected ${norm.epsilon}, got ${attention.norm.epsilon}`] }
      }
      const data = {
        architectures: [architecture],
        model_type: modelType,
        dtype: 'float32',
        vocab_size: vocabSize,
        hidden_size: hiddenSize,
        intermediate_size: feedForward.innerSize ?? Math.ceil((8 * hiddenSize) / 3),
        num_hidden_layers: numLayers,
        num_attention_heads: numHeads,
        num_key_value_heads: attention.numKeyValueHeads ?? numHeads,
        head_dim: attention.headSize ?? hiddenSize / numHeads,
        max_position_embeddings: model.data.contextLength,
        hidden_act: Object.keys(ACTIVATIONS).find((name) => ACTIVATIONS[name] === feedForward.activation),
        rms_norm_eps: norm.epsilon,
        rope_theta: positions.base,
        rope_parameters: { rope_theta: positions.base, rope_type: 'default' },
        attention_bias: false,
        attention_dropout: attention.dropout ?? 0,
        tie_word_embeddings: model.data.tied,
      }
      return { data }
    },

    weights(model: Module) {
      const { input, layers, norm, output } = model as TransformerLanguageModel
      return [
        { name: 'model.embed_tokens.weight', parameters: [input.embedding!.weight] },
        ...layers.flatMap(({ attention, attentionNorm, feedForward, feedForwardNorm }, i): WeightName[] => {
          const { gate, input, output } = feedForward as GatedMLP
          const name = `model.layers.${i}`
          return [
            ...normNames(`${name}.input_layernorm`, attentionNorm),
            ...linearNames(`${name}.self_attn.q_proj`, attention.query),
            ...linearNames(`${name}.self_attn.k_proj`, attention.key),
            ...linearNames(`${name}.self_attn.v_proj`, attention.value),
            ...linearNames(`${name}.self_attn.o_proj`, attention.output),
            ...(headNorm ? normNames(`${name}.self_attn.q_norm`, attention.queryNorm!) : []),
            ...(headNorm ? normNames(`${name}.self_attn.k_norm`, attention.keyNorm!) : []),
            ...normNames(`${name}.post_attention_layernorm`, feedForwardNorm),
            ...linearNames(`${name}.mlp.gate_proj`, gate),
            ...linearNames(`${name}.mlp.up_proj`, input),
            ...linearNames(`${name}.mlp.down_proj`, output),
          ]
        }),
        ...normNames('model.norm', norm!),
        ...(output === undefined ? [] : linearNames('lm_head', output)),
      ]
    },

    presentName(name) {
      // Old checkpoints hold the frequencies of the positions.
      return name.endsWith('.rotary_emb.inv_freq') ? undefined : name
    },
  }
}

export const llamaCheckpoint = llamaFormat('llama', 'LlamaForCausalLM', false)
export const qwen3Checkpoint = llamaFormat('qwen3', 'Qwen3ForCausalLM', true)
