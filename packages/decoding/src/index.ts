export { type BeamSearchOptions, beamSearch, type Hypothesis } from './beam-search.ts'
export { collect, decode, type TokenEvent } from './decode.ts'
export type { Decoded } from './decoded.ts'
export type { DecodingOptions } from './decoding-options.ts'
export { ensembleStep } from './ensemble-step.ts'
export { type GreedyOptions, greedy } from './greedy.ts'
export { composeProcessors, type LogitsProcessor, type ProcessorContext } from './logits-processor.ts'
export { decodingPlugin } from './plugin.ts'
export { forbidTokens } from './processors/forbid-tokens.ts'
export { minP } from './processors/min-p.ts'
export { minimumLength } from './processors/minimum-length.ts'
export { noRepeatNgram } from './processors/no-repeat-ngram.ts'
export { repetitionPenalty } from './processors/repetition-penalty.ts'
export { temperature } from './processors/temperature.ts'
export { topK } from './processors/top-k.ts'
export { topP } from './processors/top-p.ts'
export { type SampleOptions, sample, streamTokens } from './sample.ts'
export {
  greedySampler,
  type RandomSamplerOptions,
  randomSampler,
  type Sampler,
  type SamplerContext,
  samplerPoint,
} from './sampler.ts'
export { gatherState, mapTensors, type StepModel, type StepResult } from './step-model.ts'
export { cutAtStop, type StopCondition, stopAtStrings } from './stop-condition.ts'
