export type { BertConfig, DistilbertConfig, ElectraConfig, RobertaConfig } from './bert/bert-config.ts'
export { BertEncoder } from './bert/bert-encoder.ts'
export { BertMaskedLM, type BertMaskedLMConfig, type MaskedLMOptions } from './bert/bert-masked-lm.ts'
export { BertNextSentence, type BertNextSentenceConfig } from './bert/bert-next-sentence.ts'
export { BertPretraining, type BertPretrainingConfig } from './bert/bert-pretraining.ts'
export { BertQuestionAnswering, type BertQuestionAnsweringConfig } from './bert/bert-question-answering.ts'
export { ElectraDiscriminator, type ElectraDiscriminatorConfig } from './bert/electra-discriminator.ts'
export { loadCheckpoint, type ReadFile, saveCheckpoint } from './hugging-face/checkpoint.ts'
export { loadAdapters } from './hugging-face/load-adapters.ts'
export { saveAdapters } from './hugging-face/save-adapters.ts'
export { InputLayer, type InputLayerConfig } from './input-layer.ts'
export {
  type DecoderLayerState,
  TransformerDecoderLayer,
  type TransformerDecoderLayerParts,
} from './layers/decoder-layer.ts'
export { TransformerEncoderLayer, type TransformerEncoderLayerParts } from './layers/encoder-layer.ts'
export {
  type FeedForward,
  type FeedForwardContext,
  type FeedForwardInitial,
  feedForwardPoint,
  MLP,
  type MLPConfig,
  mlpConfig,
} from './layers/feed-forward.ts'
export { GatedMLP, type GatedMLPConfig, gatedMlpConfig } from './layers/gated-mlp.ts'
export { postNorm, preNorm, type Residual } from './layers/residual.ts'
export {
  type TransformerClassifierConfig,
  type TransformerTaggerConfig,
  transformerClassifier,
  transformerTagger,
} from './models/encoder-heads.ts'
export { TransformerForecaster, type TransformerForecasterConfig } from './models/forecaster.ts'
export {
  TransformerLanguageModel,
  type TransformerLanguageModelConfig,
  type TransformerState,
} from './models/language-model.ts'
export { TransformerSeq2Seq, type TransformerSeq2SeqConfig } from './models/seq2seq.ts'
export { transformerPlugin } from './plugin.ts'
export {
  TransformerDecoder,
  type TransformerDecoderParts,
  type TransformerDecoderState,
  type TransformerDecoderStep,
} from './transformer-decoder.ts'
export { TransformerEncoder, type TransformerEncoderConfig } from './transformer-encoder.ts'
