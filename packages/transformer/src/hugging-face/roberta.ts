import { robertaConfig } from '../bert/bert-config.ts'
import { bertFamilyFormat } from './bert-family.ts'
import { maskedLM, noHead, questionAnswering, sequenceClassification, tokenClassification } from './bert-heads.ts'
import { bertParts, classifierDropout, geluHead, noDropout, readBertLike, writeBertLike } from './bert-like-config.ts'
import { bertLikeWeights } from './bert-like-weights.ts'
import { checkSettings } from './checkpoint-format.ts'

const settings = robertaConfig.extend(bertParts)
const hidden = { name: 'classifier.dense', activation: 'tanh', dropped: true }

/** RoBERTa. @see Liu et al. 2019, "RoBERTa: a robustly optimized BERT pretraining approach" */
export const robertaCheckpoint = bertFamilyFormat({
  modelType: 'roberta',
  className: 'Roberta',
  encoder: 'roberta',
  heads: {
    'bert-masked-lm': maskedLM({
      dense: 'lm_head.dense',
      norm: 'lm_head.layer_norm',
      bias: 'lm_head.bias',
      ...geluHead,
    }),
    classifier: sequenceClassification({ hidden, output: 'classifier.out_proj' }, classifierDropout),
    tagger: tokenClassification(classifierDropout),
    'bert-question-answering': questionAnswering(noDropout),
    encoder: noHead(true),
  },
  readEncoder: (config) => ({ paddingIndex: 1, ...readBertLike(config) }),
  parseEncoder: (encoder) => checkSettings(settings, encoder),
  writeEncoder: writeBertLike,
  encoderWeights: bertLikeWeights,
  presentHeadName(name) {
    if (name === 'lm_head.decoder.bias') return 'lm_head.bias'
    return name === 'lm_head.decoder.weight' ? undefined : name
  },
})
