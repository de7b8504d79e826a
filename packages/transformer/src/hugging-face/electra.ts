import * as z from 'zod'
import { electraConfig } from '../bert/bert-config.ts'
import { bertFamilyFormat } from './bert-family.ts'
import {
  maskedLM,
  noHead,
  questionAnswering,
  replacedTokens,
  sequenceClassification,
  tokenClassification,
} from './bert-heads.ts'
import {
  bertParts,
  classifierDropout,
  geluHead,
  layerHead,
  learnedPositions,
  noDropout,
  readBertLike,
  writeBertLike,
} from './bert-like-config.ts'
import { bertLikeWeights } from './bert-like-weights.ts'
import { checkSettings, parseCheckpointConfig } from './checkpoint-format.ts'

const settings = electraConfig.extend({ ...bertParts, positions: learnedPositions })
const hidden = { name: 'classifier.dense', activation: 'gelu', dropped: true }

/** ELECTRA: the discriminator ('electra-discriminator'), the generator ('bert-masked-lm') and models on either. */
export const electraCheckpoint = bertFamilyFormat({
  modelType: 'electra',
  className: 'Electra',
  encoder: 'electra',
  heads: {
    'electra-discriminator': replacedTokens((config) => layerHead.head(config).activation),
    'bert-masked-lm': maskedLM({
      dense: 'generator_predictions.dense',
      norm: 'generator_predictions.LayerNorm',
      bias: 'generator_lm_head.bias',
      ...geluHead,
    }),
    classifier: sequenceClassification({ hidden, output: 'classifier.out_proj' }, classifierDropout),
    tagger: tokenClassification(classifierDropout),
    'bert-question-answering': questionAnswering(noDropout),
    encoder: noHead(false),
  },
  readEncoder(config) {
    const { embedding_size: embeddingSize } = parseCheckpointConfig(
      z.object({ embedding_size: z.int().default(128) }),
      config,
    )
    return {
      ...readBertLike({ hidden_size: 256, num_attention_heads: 4, intermediate_size: 1024, ...config }),
      embeddingSize,
    }
  },
  parseEncoder: (encoder) => checkSettings(settings, encoder),
  writeEncoder: (encoder, vocabSize) => ({
    ...writeBertLike(encoder, vocabSize),
    embedding_size: encoder['embeddingSize'] ?? encoder['hiddenSize'],
  }),
  encoderWeights: bertLikeWeights,
  presentHeadName: (name) => (name === 'generator_lm_head.weight' ? undefined : name),
})
