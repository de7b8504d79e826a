export { type AdditiveGruDecoderInputs, additiveGruDecoder } from './additive-gru-decoder.ts'
export { BahdanauDecoder } from './bahdanau-decoder.ts'
export { Bridge, type BridgeKind, bridgeKind } from './bridge.ts'
export {
  type AttendedOutput,
  type CellContext,
  cellPoint,
  RecurrentCell,
  type RecurrentState,
  type SequenceOptions,
  type SequenceOutput,
  type StepOptions,
  type StepOutput,
  zeroState,
} from './cell.ts'
export { RecurrentClassifier, type RecurrentClassifierConfig, recurrentClassifierConfig } from './classifier.ts'
export {
  type DecoderFeatures,
  type DecoderOptions,
  type DecoderOutput,
  type DecoderParts,
  type DecoderState,
  type DecoderStep,
  RecurrentDecoder,
} from './decoder.ts'
export { type DecoderConfig, decoderConfig } from './decoder-config.ts'
export {
  type EncodedSource,
  RecurrentEncoder,
  type RecurrentEncoderConfig,
  recurrentEncoderConfig,
  SequenceEncoder,
} from './encoder.ts'
export {
  manyToManyAfter,
  manyToManyInStep,
  manyToOne,
  OneStep,
  type OneToManyConfig,
  type OneToOneConfig,
  oneToMany,
  oneToManyConfig,
  oneToOne,
  oneToOneConfig,
  VectorEncoder,
} from './five-shapes.ts'
export { gradientFlow } from './gradient-flow.ts'
export { GRU } from './gru.ts'
export { GRUCell } from './gru-cell.ts'
export { inputLayer, readInput, type SequenceInput, sequenceInput } from './input.ts'
export {
  RecurrentLanguageModel,
  type RecurrentLanguageModelConfig,
  recurrentLanguageModelConfig,
} from './language-model.ts'
export { LSTM } from './lstm.ts'
export { LSTMCell } from './lstm-cell.ts'
export { LuongDecoder } from './luong-decoder.ts'
export { type CaptionerConfig, captionerConfig, createCaptioner } from './models/captioner.ts'
export {
  ConvolutionalEncoder,
  type ConvolutionalEncoderConfig,
  convolutionalEncoderConfig,
  regionGrid,
} from './models/convolutional-encoder.ts'
export { type ForecasterConfig, forecasterConfig, RecurrentForecaster } from './models/forecaster.ts'
export { WordTagger, type WordTaggerConfig, wordTaggerConfig } from './models/word-tagger.ts'
export { PlainDecoder } from './plain-decoder.ts'
export { rnnPlugin } from './plugin.ts'
export { type PoolingKind, pool, poolingKind } from './pooling.ts'
export {
  Recurrent,
  type RecurrentConfig,
  type RecurrentLayer,
  type RecurrentOptions,
  type RecurrentOutput,
  type RecurrentStep,
  recurrentConfig,
  type TableRows,
} from './recurrent.ts'
export { type CellConfig, cellConfig } from './recurrent-weights.ts'
export { RNN, type RNNConfig } from './rnn.ts'
export { RNNCell, type RNNCellConfig, rnnCellConfig } from './rnn-cell.ts'
export { createDecoder, RecurrentSeq2Seq, type RecurrentSeq2SeqConfig, recurrentSeq2SeqConfig } from './seq2seq.ts'
export { asPart, cellSpec, recurrentStack, type StackConfig, stackCells, stackConfig } from './stack.ts'
export { runSteps, withoutPadding } from './step-by-step.ts'
export { RecurrentTagger, type RecurrentTaggerConfig, recurrentTaggerConfig } from './tagger.ts'
