export {
  Activation,
  type ActivationName,
  activationName,
  activations,
  gelu,
  geluTanh,
  reluSquared,
  silu,
} from './activations.ts'
export {
  type Adaptable,
  type Adapter,
  type AdapterContext,
  adaptedWeight,
  adapterOutput,
  adapterPoint,
  isAdaptable,
} from './adapters/adapter.ts'
export {
  type AdapterTargets,
  adaptableLayers,
  adaptedLayers,
  addAdapters,
  hasAdapters,
} from './adapters/add-adapters.ts'
export {
  isLowRank,
  type LowRank,
  LowRankAdapter,
  type LowRankConfig,
  lowRankConfig,
} from './adapters/low-rank-adapter.ts'
export { type MergedAdapters, mergeAdapters } from './adapters/merge-adapters.ts'
export { AdaptiveSoftmax, type AdaptiveSoftmaxConfig, adaptiveSoftmaxConfig } from './adaptive-softmax.ts'
export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from './binary-cross-entropy.ts'
export { checkWithin } from './check-within.ts'
export { Conv2D, type Conv2DConfig, conv2dConfig } from './conv2d.ts'
export {
  ConditionalRandomField,
  type ConditionalRandomFieldConfig,
  conditionalRandomFieldConfig,
  labelScoring,
} from './crf/conditional-random-field.ts'
export { addPathScores, type PathScores, viterbi } from './crf/viterbi.ts'
export { type CrossEntropyOptions, crossEntropy } from './cross-entropy.ts'
export { Dropout, type DropoutConfig, dropout, dropoutConfig } from './dropout.ts'
export { Embedding, type EmbeddingConfig, embedding, embeddingConfig } from './embedding.ts'
export {
  ConvolutionalEncoder,
  type ConvolutionalEncoderConfig,
  convolutionalEncoderConfig,
  regionGrid,
} from './encoders/convolutional-encoder.ts'
export {
  type Encoder,
  type EncoderContext,
  type EncoderOptions,
  type EncoderOutput,
  encoderOptions,
  encoderPoint,
} from './encoders/encoder.ts'
export { type EncoderInput, encoderInput, pictureInput, tokenInput, vectorInput } from './encoders/encoder-input.ts'
export { FrameEncoder, type FrameEncoderConfig, frameEncoderConfig } from './encoders/frame-encoder.ts'
export type { HeldEncoder, HoldsEncoder } from './encoders/holds-encoder.ts'
export {
  type FusedInputs,
  type FusedOpInterceptor,
  fusedKernel,
  fusedOp,
  interceptFusedOps,
  withoutFusedOps,
} from './fused-op.ts'
export { enableGradients, stopGradient, valueAndGradients, withoutGradient } from './gradients.ts'
export type { Initializer } from './initializers.ts'
export * as initializers from './initializers.ts'
export { layerDepths } from './layer-depths.ts'
export { LayerNorm, type LayerNormConfig, layerNorm, layerNormConfig } from './layer-norm.ts'
export { Linear, type LinearConfig, type LinearInitial, linear, linearConfig } from './linear.ts'
export { linears } from './linears.ts'
export { MaxPool2D, type MaxPool2DConfig, maxPool2dConfig } from './max-pool2d.ts'
export {
  EncoderClassifier,
  type EncoderClassifierConfig,
  encoderClassifierConfig,
} from './models/encoder-classifier.ts'
export { EncoderModel, type EncoderModelConfig, encoderModelConfig } from './models/encoder-model.ts'
export { EncoderTagger, type EncoderTaggerConfig, encoderTaggerConfig } from './models/encoder-tagger.ts'
export { Module } from './module.ts'
export { NGramEmbedding, type NGramEmbeddingConfig, ngramEmbeddingConfig } from './ngram-embedding.ts'
export type { NormFormula } from './norm-formula.ts'
export {
  isObserved,
  type ObservedAt,
  type Observer,
  observe,
  type ReadsOut,
  type ReportsLayers,
  readerOf,
  readsOut,
  reportsLayers,
  withObserver,
} from './observe.ts'
export { Parameter, type ParameterOptions } from './parameter.ts'
export { asPart, partOf } from './part-spec.ts'
export { imagePatches } from './patches.ts'
export { pathMatcher } from './path-pattern.ts'
export { layersPlugin } from './plugin.ts'
export { type BuildContext, layerPoint, modelPoint } from './points.ts'
export { type AdapterFolder, type LoadedAdapters, type PretrainedFormat, pretrainedPoint } from './pretrained.ts'
export { encodedClass } from './pytorch/encoders.ts'
export { pyTorchActivation } from './pytorch/layers.ts'
export {
  type DescribesPyTorch,
  describesPyTorch,
  type PyTorchClass,
  type PyTorchModule,
  type PyTorchSource,
  type PyTorchWeight,
  pyTorchClass,
  pyTorchModule,
  pyTorchPath,
  snakeCase,
  weightOfPart,
} from './pytorch/pytorch-module.ts'
export { RMSNorm, type RMSNormConfig, rmsNormConfig } from './rms-norm.ts'
export { Sequential } from './sequential.ts'
export { dropoutRate, featureCount, layerCount } from './size-fields.ts'
export { type LoadOptions, loadStateDict, loadWeights, type StateDict, stateDict } from './state-dict.ts'
export { type SummaryRow, summary } from './summary.ts'
export {
  countParameters,
  disposeParameters,
  namedModules,
  namedParameters,
  namedStreams,
  setTrainable,
  setTraining,
} from './tree.ts'
