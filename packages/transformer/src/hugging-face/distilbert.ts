import * as z from 'zod'
import { distilbertConfig } from '../bert/bert-config.ts'
import type { BertEncoder } from '../bert/bert-encoder.ts'
import type { MLP } from '../layers/feed-forward.ts'
import { bertFamilyFormat } from './bert-family.ts'
import {
  type DropoutField,
  maskedLM,
  noHead,
  questionAnswering,
  type Settings,
  sequenceClassification,
  tokenClassification,
} from './bert-heads.ts'
import { bertParts, learnedPositions } from './bert-like-config.ts'
import { embeddingNames } from './bert-like-weights.ts'
import {
  ACTIVATIONS,
  activationNamed,
  type CheckpointConfig,
  checkSettings,
  only,
  parseCheckpointConfig,
} from './checkpoint-format.ts'
import { linearNames, normNames, type WeightName } from './weight-names.ts'

const EPSILON = 1e-12

const fields = z.object({
  vocab_size: z.int().default(30_522),
  max_position_embeddings: z.int().default(512),
  n_layers: z.int().default(6),
  n_heads: z.int().default(12),
  dim: z.int().default(768),
  hidden_dim: z.int().default(3072),
  dropout: z.number().default(0.1),
  attention_dropout: z.number().default(0.1),
  activation: z.enum(Object.keys(ACTIVATIONS)).default('gelu'),
  initializer_range: z.number().default(0.02),
  qa_dropout: z.number().default(0.1),
  seq_classif_dropout: z.number().default(0.2),
  pad_token_id: z.int().default(0),
  tie_word_embeddings: only(true),
})
const read = (config: CheckpointConfig) => parseCheckpointConfig(fields, config)
const settings = distilbertConfig.extend({ ...bertParts, positions: learnedPositions })

const ownDropout = (name: 'seq_classif_dropout' | 'qa_dropout'): DropoutField => ({
  read: (config) => read(config)[name],
  write: (rate) => ({ [name]: rate }),
})
const encoderDropout: DropoutField = {
  read: (config) => read(config).dropout,
  write: (rate, { dropout }) => (rate === dropout ? {} : undefined),
}

/** DistilBERT. @see Sanh et al. 2019, "DistilBERT, a distilled version of BERT" */
export const distilbertCheckpoint = bertFamilyFormat({
  modelType: 'distilbert',
  className: 'DistilBert',
  encoder: 'distilbert',
  heads: {
    'bert-masked-lm': maskedLM({
      dense: 'vocab_transform',
      norm: 'vocab_layer_norm',
      bias: 'vocab_projector.bias',
      head: (config) => ({ activation: ACTIVATIONS[read(config).activation]!, epsilon: EPSILON }),
      headOf: ({ feedForward }) => ({
        activation: (feedForward as { activation: string }).activation,
        epsilon: EPSILON,
      }),
    }),
    classifier: sequenceClassification(
      { hidden: { name: 'pre_classifier', activation: 'relu', dropped: false }, output: 'classifier' },
      ownDropout('seq_classif_dropout'),
    ),
    tagger: tokenClassification(encoderDropout),
    'bert-question-answering': questionAnswering(ownDropout('qa_dropout')),
    encoder: noHead(false),
  },

  readEncoder(config) {
    const parsed = read(config)
    return {
      vocabSize: parsed.vocab_size,
      hiddenSize: parsed.dim,
      numLayers: parsed.n_layers,
      numHeads: parsed.n_heads,
      attention: { dropout: parsed.attention_dropout },
      feedForward: { type: 'mlp', innerSize: parsed.hidden_dim, activation: ACTIVATIONS[parsed.activation]! },
      norm: { type: 'layer-norm', epsilon: EPSILON },
      dropout: parsed.dropout,
      maxPositions: parsed.max_position_embeddings,
      initializerRange: parsed.initializer_range,
      paddingIndex: parsed.pad_token_id,
    }
  },

  parseEncoder(encoder) {
    const checked = checkSettings(settings, encoder)
    if ('differences' in checked || checked.data.norm.epsilon === EPSILON) return checked
    return { differences: [`norm.epsilon: expected ${EPSILON}, got ${checked.data.norm.epsilon}`] }
  },

  writeEncoder(encoder, vocabSize) {
    const parsed = encoder as Settings & z.output<typeof settings>
    return {
      vocab_size: vocabSize,
      dim: parsed.hiddenSize,
      n_layers: parsed.numLayers,
      n_heads: parsed.numHeads,
      hidden_dim: parsed.feedForward.innerSize ?? 4 * parsed.hiddenSize,
      activation: activationNamed(parsed.feedForward.activation),
      dropout: parsed.dropout,
      attention_dropout: parsed.attention.dropout,
      max_position_embeddings: parsed.maxPositions,
      initializer_range: parsed.initializerRange,
      pad_token_id: parsed.paddingIndex ?? 0,
    }
  },

  encoderWeights: ({ embeddings, layers }: BertEncoder): WeightName[] => [
    ...embeddingNames(embeddings),
    ...layers.flatMap(({ attention, attentionNorm, feedForward, feedForwardNorm }, i) => {
      const name = `transformer.layer.${i}`
      const { input, output } = feedForward as MLP
      return [
        ...linearNames(`${name}.attention.q_lin`, attention.query),
        ...linearNames(`${name}.attention.k_lin`, attention.key),
        ...linearNames(`${name}.attention.v_lin`, attention.value),
        ...linearNames(`${name}.attention.out_lin`, attention.output),
        ...normNames(`${name}.sa_layer_norm`, attentionNorm),
        ...linearNames(`${name}.ffn.lin1`, input),
        ...linearNames(`${name}.ffn.lin2`, output),
        ...normNames(`${name}.output_layer_norm`, feedForwardNorm),
      ]
    }),
  ],

  presentHeadName: (name) => (name === 'vocab_projector.weight' ? undefined : name),
})
