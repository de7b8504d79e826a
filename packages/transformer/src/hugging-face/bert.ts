import { bertConfig } from '../bert/bert-config.ts'
import { bertFamilyFormat } from './bert-family.ts'
import {
  maskedLM,
  nextSentence,
  noHead,
  pretraining,
  questionAnswering,
  sequenceClassification,
  tokenClassification,
} from './bert-heads.ts'
import {
  bertParts,
  classifierDropout,
  layerHead,
  learnedPositions,
  noDropout,
  readBertLike,
  writeBertLike,
} from './bert-like-config.ts'
import { bertLikeWeights } from './bert-like-weights.ts'
import { checkSettings } from './checkpoint-format.ts'

const predictions = {
  dense: 'cls.predictions.transform.dense',
  norm: 'cls.predictions.transform.LayerNorm',
  bias: 'cls.predictions.bias',
  ...layerHead,
}
const settings = bertConfig.extend({ ...bertParts, positions: learnedPositions })

/** BERT. @see Devlin et al. 2019, "BERT: pre-training of deep bidirectional Transformers for language understanding" */
export const bertCheckpoint = bertFamilyFormat({
  modelType: 'bert',
  className: 'Bert',
  encoder: 'bert',
  heads: {
    'bert-pretraining': pretraining(predictions),
    'bert-masked-lm': maskedLM(predictions),
    'bert-next-sentence': nextSentence,
    classifier: sequenceClassification({ pooled: true, output: 'classifier' }, classifierDropout),
    tagger: tokenClassification(classifierDropout),
    'bert-question-answering': questionAnswering(noDropout),
    encoder: noHead(true),
  },
  readEncoder: readBertLike,
  parseEncoder: (encoder) => checkSettings(settings, encoder),
  writeEncoder: writeBertLike,
  encoderWeights: bertLikeWeights,
  presentHeadName(name) {
    if (name === 'cls.predictions.decoder.bias') return 'cls.predictions.bias'
    return name === 'cls.predictions.decoder.weight' ? undefined : name
  },
})
