import type { RandomStream } from '@heddle/core'
import { collect, decode, type TokenEvent } from './decode.ts'
import type { Decoded } from './decoded.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { type RandomSamplerOptions, randomSampler } from './random-sampler.ts'
import type { StepModel } from './step-model.ts'

export interface SampleOptions extends DecodingOptions, RandomSamplerOptions {
  /** Split once for each row, so that the draws of a row do not depend on the others. */
  readonly rng: RandomStream
  /** Receives every token as it is chosen. */
  readonly onToken?: (event: TokenEvent) => void
}

/** Draws each token from the model's distribution, changed by temperature, top-k, top-p and min-p in this order. */
export function sample<S>(model: StepModel<S>, initialState: S, options: SampleOptions): Promise<Decoded[]> {
  return collect(streamTokens(model, initialState, options), options.onToken)
}

/** {@link sample} as a stream: `for await (const { row, token } of streamTokens(…))`. */
export function streamTokens<S>(
  model: StepModel<S>,
  initialState: S,
  options: SampleOptions,
): AsyncGenerator<TokenEvent, Decoded[]> {
  return decode(model, initialState, () => randomSampler(options, options.rng.split()), options, 'sample')
}
