export {
  type AttendedOutput,
  type CellContext,
  cellPoint,
  isRecurrentCell,
  RecurrentCell,
  type RecurrentState,
  type SequenceOptions,
  type SequenceOutput,
  type StepOptions,
  type StepOutput,
} from './cells/cell.ts'
export { type CellConfig, cellConfig } from './cells/cell-weights.ts'
export { type AdditiveGruDecoderInputs, additiveGruDecoder, GRUCell } from './cells/gru-cell.ts'
export { LSTMCell } from './cells/lstm-cell.ts'
export { RNNCell, type RNNCellConfig, rnnCellConfig } from './cells/rnn-cell.ts'
export { runSteps, withoutPadding } from './cells/run-steps.ts'
export { BahdanauDecoder } from './decoders/bahdanau-decoder.ts'
export { Bridge, type BridgeKind, bridgeKind } from './decoders/bridge.ts'
export { createDecoder } from './decoders/create-decoder.ts'
export type {
  DecoderOptions,
  DecoderOutput,
  DecoderState,
  DecoderStep,
  RecurrentDecoder,
} from './decoders/decoder.ts'
export { type AttendingDecoderConfig, type DecoderConfig, decoderConfig } from './decoders/decoder-config.ts'
export { LuongDecoder } from './decoders/luong-decoder.ts'
export { PlainDecoder } from './decoders/plain-decoder.ts'
export { stackSteps } from './decoders/stack-steps.ts'
export { gradientFlow } from './gradient-flow.ts'
export { GRU } from './gru.ts'
export { inputLayer, readInput } from './input.ts'
export { LSTM } from './lstm.ts'
export { RecurrentClassifier, type RecurrentClassifierConfig, recurrentClassifierConfig } from './models/classifier.ts'
export {
  manyToManyAfter,
  manyToManyInStep,
  manyToOne,
  type OneToManyConfig,
  oneToMany,
  oneToManyConfig,
  oneToOne,
} from './models/five-shapes.ts'
export { type ForecasterConfig, forecasterConfig, RecurrentForecaster } from './models/forecaster.ts'
export {
  RecurrentLanguageModel,
  type RecurrentLanguageModelConfig,
  recurrentLanguageModelConfig,
} from './models/language-model.ts'
export { OneStep, type OneStepConfig, oneStepConfig } from './models/one-step.ts'
export { RecurrentSeq2Seq, type RecurrentSeq2SeqConfig, recurrentSeq2SeqConfig } from './models/seq2seq.ts'
export { RecurrentTagger, type RecurrentTaggerConfig, recurrentTaggerConfig } from './models/tagger.ts'
export { VectorEncoder } from './models/vector-encoder.ts'
export { WordTagger, type WordTaggerConfig, wordTaggerConfig } from './models/word-tagger.ts'
export { type NamedCell, namedCells } from './named-cells.ts'
export { rnnPlugin } from './plugin.ts'
export { type PoolingKind, pool, poolingKind } from './pooling.ts'
export type { PyTorchCell } from './pytorch/cells.ts'
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
export { RecurrentEncoder, type RecurrentEncoderConfig, recurrentEncoderConfig } from './recurrent-encoder.ts'
export { RNN, type RNNConfig } from './rnn.ts'
export { cellSpec, recurrentStack, type StackConfig, stackCells, stackConfig } from './stack.ts'
