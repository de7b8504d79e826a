import { collect, decode, type TokenEvent } from './decode.ts'
import type { Decoded } from './decoded.ts'
import type { DecodingOptions } from './decoding-options.ts'
import { greedySampler } from './greedy-sampler.ts'
import type { StepModel } from './step-model.ts'

export interface GreedyOptions extends DecodingOptions {
  /** Receives every token as it is chosen. */
  readonly onToken?: (event: TokenEvent) => void
}

/** Takes the most probable token at each step, for all rows of a batch at once. */
export function greedy<S>(model: StepModel<S>, initialState: S, options: GreedyOptions): Promise<Decoded[]> {
  return collect(
    decode(model, initialState, () => greedySampler, options, 'greedy'),
    options.onToken,
  )
}
