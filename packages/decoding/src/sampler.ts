import { ExtensionPoint, type RandomStream } from '@heddle/core'
import { composeProcessors, type LogitsProcessor, type ProcessorContext } from './logits-processor.ts'
import { minP } from './processors/min-p.ts'
import { temperature } from './processors/temperature.ts'
import { topK } from './processors/top-k.ts'
import { topP } from './processors/top-p.ts'
import { argMax, softmax } from './softmax.ts'

/** Chooses a token from a row of logits [V], which it may change. One sampler serves one row. */
export interface Sampler {
  choose(logits: Float32Array, context: ProcessorContext): number
}

export interface SamplerContext {
  /** The row's own stream. */
  readonly rng: RandomStream
}

/** Samplers by name: how the next token is chosen. */
export const samplerPoint = new ExtensionPoint<Sampler, SamplerContext>('sampler')

/** The most probable token. */
export const greedySampler: Sampler = { choose: argMax }

export interface RandomSamplerOptions {
  /** Default 1; 0 always chooses the most probable token. */
  readonly temperature?: number
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
}

/** Draws a token from the softmax of the logits, after temperature, then top-k, top-p and min-p. */
export function randomSampler(options: RandomSamplerOptions, rng: RandomStream): Sampler {
  if (options.temperature === 0) return greedySampler
  const processors: LogitsProcessor[] = []
  if (options.temperature !== undefined && options.temperature !== 1) processors.push(temperature(options.temperature))
  if (options.topK !== undefined) processors.push(topK(options.topK))
  if (options.topP !== undefined) processors.push(topP(options.topP))
  if (options.minP !== undefined) processors.push(minP(options.minP))
  const process = composeProcessors(processors)
  return {
    choose(logits, context) {
      process(logits, context)
      return rng.weighted(softmax(logits))
    },
  }
}
