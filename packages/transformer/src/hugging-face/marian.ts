import type { CrossAttention, SelfAttention } from '@heddle/attention'
import { type ActivationName, type Module, setTrainable } from '@heddle/layers'
import * as z from 'zod'
import type { TransformerDecoderLayer } from '../layers/decoder-layer.ts'
import type { TransformerEncoderLayer } from '../layers/encoder-layer.ts'
import type { MLP } from '../layers/feed-forward.ts'
import { type TransformerSeq2Seq, transformerSeq2SeqConfig } from '../models/seq2seq.ts'
import type { TransformerEncoder } from '../transformer-encoder.ts'
import { byName, type CheckpointFormat, checkSettings, only, parseCheckpointConfig } from './checkpoint-format.ts'
import { linearNames, normNames, type WeightName } from './weight-names.ts'

const ACTIVATIONS: Readonly<Record<string, ActivationName>> = {
  swish: 'silu',
  silu: 'silu',
  relu: 'relu',
  gelu: 'gelu',
}

const marianConfig = z.object({
  vocab_size: z.int(),
  d_model: z.int().default(1024),
  encoder_layers: z.int().default(12),
  decoder_layers: z.int().default(12),
  encoder_attention_heads: z.int().default(16),
  decoder_attention_heads: z.int().default(16),
  encoder_ffn_dim: z.int().default(4096),
  decoder_ffn_dim: z.int().default(4096),
  activation_function: z.enum(Object.keys(ACTIVATIONS)).default('gelu'),
  pad_token_id: z.int().default(58_100),
  scale_embedding: z.literal(true),
  share_encoder_decoder_embeddings: only(true),
  tie_word_embeddings: only(true),
})

const mlp = byName(
  z.strictObject({
    type: z.literal('mlp'),
    innerSize: z.int().optional(),
    activation: z.enum(['silu', 'relu', 'gelu']).default('gelu'),
    bias: only(true),
  }),
)

/** The settings of a model of ours that is a Marian. */
const marianModel = transformerSeq2SeqConfig.extend({
  norm: byName(z.strictObject({ type: z.literal('layer-norm'), epsilon: only(1e-5), bias: only(true) })),
  feedForward: mlp,
  residual: z.literal('post-norm'),
  positions: byName(z.strictObject({ type: z.literal('sinusoidal'), base: only(10_000) })),
  attention: z.strictObject({ bias: only(true), dropout: z.number().optional() }),
  encoder: z
    .strictObject({
      type: only('transformer'),
      numLayers: z.int().optional(),
      numHeads: z.int().optional(),
      feedForward: mlp.optional(),
    })
    .default({}),
  tied: z.literal(true),
  sharedEmbeddings: z.literal(true),
  outputBias: z.literal(true),
  paddingIndex: z.int(),
})

/** Marian and the translation models of OPUS-MT: the Transformer of the paper with one table of token vectors. */
export const marianCheckpoint: CheckpointFormat = {
  modelType: 'marian',

  readConfig(config) {
    const parsed = parseCheckpointConfig(marianConfig, config)
    const feedForward = (innerSize: number) => ({
      type: 'mlp',
      innerSize,
      activation: ACTIVATIONS[parsed.activation_function]!,
    })
    return {
      type: 'transformer-seq2seq',
      source: { vocabSize: parsed.vocab_size },
      target: { vocabSize: parsed.vocab_size },
      hiddenSize: parsed.d_model,
      numLayers: parsed.decoder_layers,
      numHeads: parsed.decoder_attention_heads,
      feedForward: feedForward(parsed.decoder_ffn_dim),
      norm: 'layer-norm',
      residual: 'post-norm',
      positions: 'sinusoidal',
      encoder: {
        numLayers: parsed.encoder_layers,
        numHeads: parsed.encoder_attention_heads,
        feedForward: feedForward(parsed.encoder_ffn_dim),
      },
      tied: true,
      sharedEmbeddings: true,
      outputBias: true,
      paddingIndex: parsed.pad_token_id,
    }
  },

  writeConfig({ type, ...settings }) {
    if (type !== 'transformer-seq2seq') return undefined
    const model = checkSettings(marianModel, settings)
    if ('differences' in model) return model
    const { target, hiddenSize, numLayers, numHeads, feedForward, encoder, paddingIndex } = model.data
    const innerSize = feedForward.innerSize ?? 4 * hiddenSize
    const ofEncoder = encoder.feedForward ?? feedForward
    if (ofEncoder.activation !== feedForward.activation) {
      return {
        differences: [
          `encoder.feedForward.activation: expected ${feedForward.activation}, got ${ofEncoder.activation}`,
        ],
      }
    }
    const data = {
      architectures: ['MarianMTModel'],
      model_type: 'marian',
      is_encoder_decoder: true,
      dtype: 'float32',
      vocab_size: target.vocabSize,
      decoder_vocab_size: target.vocabSize,
      d_model: hiddenSize,
      encoder_layers: encoder.numLayers ?? numLayers,
      decoder_layers: numLayers,
      encoder_attention_heads: encoder.numHeads ?? numHeads,
      decoder_attention_heads: numHeads,
      encoder_ffn_dim: ofEncoder.innerSize ?? 4 * hiddenSize,
      decoder_ffn_dim: innerSize,
      activation_function: feedForward.activation,
      scale_embedding: true,
      // Targets start with the padding symbol, as Marian's do.
      pad_token_id: paddingIndex,
      decoder_start_token_id: paddingIndex,
      dropout: model.data.dropout,
      attention_dropout: model.data.attention.dropout ?? 0,
      share_encoder_decoder_embeddings: true,
      tie_word_embeddings: true,
    }
    return { data }
  },

  weights(model: Module) {
    const { encoder, decoder } = model as TransformerSeq2Seq
    // A number that transformers holds but does not train.
    setTrainable(decoder, (path) => path === 'outputBias', false)
    return [
      { name: 'final_logits_bias', parameters: [decoder.outputBias!], leadingAxis: true },
      { name: 'model.shared.weight', parameters: [decoder.input.embedding!.weight] },
      ...(encoder as TransformerEncoder).layers.flatMap((layer, i) => layerNames(`model.encoder.layers.${i}`, layer)),
      ...decoder.layers.flatMap((layer, i) => [
        ...layerNames(`model.decoder.layers.${i}`, layer),
        ...attentionNames(`model.decoder.layers.${i}.encoder_attn`, layer.crossAttention),
        ...normNames(`model.decoder.layers.${i}.encoder_attn_layer_norm`, layer.crossAttentionNorm),
      ]),
    ]
  },

  presentName(name) {
    // Tables that are the shared one, or sines.
    return /^(model\.(encoder|decoder)\.embed_(tokens|positions)|lm_head)\.weight$/.test(name) ? undefined : name
  },
}

function layerNames(name: string, layer: TransformerEncoderLayer | TransformerDecoderLayer): WeightName[] {
  const { input, output } = layer.feedForward as MLP
  return [
    ...attentionNames(`${name}.self_attn`, layer.attention),
    ...normNames(`${name}.self_attn_layer_norm`, layer.attentionNorm),
    ...linearNames(`${name}.fc1`, input),
    ...linearNames(`${name}.fc2`, output),
    ...normNames(`${name}.final_layer_norm`, layer.feedForwardNorm),
  ]
}

function attentionNames(name: string, { query, key, value, output }: SelfAttention | CrossAttention): WeightName[] {
  return [
    ...linearNames(`${name}.q_proj`, query),
    ...linearNames(`${name}.k_proj`, key),
    ...linearNames(`${name}.v_proj`, value),
    ...linearNames(`${name}.out_proj`, output),
  ]
}
