import type { Workload } from '../../measure.ts'
import type { ForwardPass } from '../forward-pass.ts'
import { bahdanauTraining } from './attention-seq2seq.ts'
import { BERT_BASE, BERT_MINI, bertInference, bertPretraining } from './bert.ts'
import { languageModelGeneration, languageModelTraining } from './language-model.ts'
import { gptGeneration } from './transformer-generation.ts'
import { transformerLanguageModelTraining } from './transformer-language-model.ts'
import { transformerSeq2SeqTraining } from './transformer-seq2seq.ts'

const small = { cell: 'lstm', embeddingSize: 32, hiddenSize: 64, numLayers: 1 } as const
const large = { embeddingSize: 64, hiddenSize: 256, numLayers: 2 } as const

/** The workloads of inference that are exported to other runtimes. */
export const forwardPasses: Readonly<Record<string, () => ForwardPass>> = {
  'bert-mini-infer': () => bertInference(BERT_MINI, 16),
  'bert-base-infer-1': () => bertInference(BERT_BASE, 1),
  'bert-base-infer-8': () => bertInference(BERT_BASE, 8),
}

/** The workloads by name; building one allocates its model. */
export const workloads: Readonly<Record<string, () => Workload>> = {
  'lstm-small': () => languageModelTraining(small, 8, 32),
  charlstm: () => languageModelTraining({ cell: 'lstm', ...large }, 32, 64),
  chargru: () => languageModelTraining({ cell: 'gru', ...large }, 32, 64),
  bahdanau: bahdanauTraining,
  nanogpt: () => transformerLanguageModelTraining({ hiddenSize: 128, numLayers: 4, numHeads: 4 }, 12, 64),
  'gpt-small': () => transformerLanguageModelTraining({ hiddenSize: 384, numLayers: 6, numHeads: 6 }, 8, 256),
  transformer: transformerSeq2SeqTraining,
  'bert-mini': bertPretraining,
  ...forwardPasses,
  generate: () => gptGeneration(200),
  'lstm-infer': () => languageModelGeneration({ cell: 'lstm', ...large }, 200),
}
