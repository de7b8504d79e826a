import type { AnyContribution } from '@heddle/core'
import { encoderPoint, modelPoint } from '@heddle/layers'
import { bertConfig, distilbertConfig, electraConfig, robertaConfig } from './bert-config.ts'
import { BertEncoder } from './bert-encoder.ts'
import { BertMaskedLM, bertMaskedLMConfig } from './bert-masked-lm.ts'
import { BertNextSentence, bertNextSentenceConfig } from './bert-next-sentence.ts'
import { BertPretraining, bertPretrainingConfig } from './bert-pretraining.ts'
import { BertQuestionAnswering, bertQuestionAnsweringConfig } from './bert-question-answering.ts'
import { ElectraDiscriminator, electraDiscriminatorConfig } from './electra-discriminator.ts'
import { RobertaPositions } from './roberta-positions.ts'

/** The encoders of BERT and its relatives, and the models that only they have. */
export const bertContributions: readonly AnyContribution[] = [
  encoderPoint.of({
    name: 'bert',
    summary: 'reads tokens and segments from both sides (BERT)',
    config: bertConfig,
    create: (config, context) => new BertEncoder(config, context),
  }),
  encoderPoint.of({
    name: 'roberta',
    summary: 'BERT with positions that start after the padding index (RoBERTa)',
    config: robertaConfig,
    create: (config, context) => {
      const { maxPositions, hiddenSize: embeddingSize, paddingIndex, initializerRange: standardDeviation } = config
      const table = { maxPositions, embeddingSize, paddingIndex, standardDeviation }
      const settings = { ...config, positions: 'learned' }
      return new BertEncoder(settings, context, new RobertaPositions(table, context.rng))
    },
  }),
  encoderPoint.of({
    name: 'distilbert',
    summary: 'BERT without segments and pooler (DistilBERT)',
    config: distilbertConfig,
    create: (config, context) => new BertEncoder({ ...config, numSegments: 0 }, context),
  }),
  encoderPoint.of({
    name: 'electra',
    summary: 'BERT whose token vectors may be smaller than its layers (ELECTRA)',
    config: electraConfig,
    create: (config, context) => new BertEncoder(config, context),
  }),
  modelPoint.of({
    name: 'bert-masked-lm',
    summary: 'predicts masked tokens from both sides',
    config: bertMaskedLMConfig,
    create: (config, context) => new BertMaskedLM(config, context),
  }),
  modelPoint.of({
    name: 'bert-next-sentence',
    summary: 'tells whether the second of two segments follows the first',
    config: bertNextSentenceConfig,
    create: (config, context) => new BertNextSentence(config, context),
  }),
  modelPoint.of({
    name: 'bert-pretraining',
    summary: 'predicts masked tokens and whether two segments belong together',
    config: bertPretrainingConfig,
    create: (config, context) => new BertPretraining(config, context),
  }),
  modelPoint.of({
    name: 'bert-question-answering',
    summary: 'finds the answer to a question in a text',
    config: bertQuestionAnsweringConfig,
    create: (config, context) => new BertQuestionAnswering(config, context),
  }),
  modelPoint.of({
    name: 'electra-discriminator',
    summary: 'tells which tokens of a text were replaced',
    config: electraDiscriminatorConfig,
    create: (config, context) => new ElectraDiscriminator(config, context),
  }),
]
