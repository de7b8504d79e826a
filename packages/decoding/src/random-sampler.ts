import type { RandomStream } from '@heddle/core'
import * as z from 'zod'
import { greedySampler } from './greedy-sampler.ts'
import { composeProcessors, type LogitsProcessor } from './logits-processor.ts'
import { minP } from './processors/min-p.ts'
import { temperature } from './processors/temperature.ts'
import { topK } from './processors/top-k.ts'
import { topP } from './processors/top-p.ts'
import { type Sampler, samplerPoint } from './sampler.ts'
import { softmax } from './softmax.ts'

export interface RandomSamplerOptions {
  /** Default 1; 0 always takes the most probable token. */
  readonly temperature?: number | undefined
  readonly topK?: number | undefined
  readonly topP?: number | undefined
  readonly minP?: number | undefined
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

export const randomSamplerPart = samplerPoint.of({
  name: 'random',
  summary: 'a token drawn from the distribution, with temperature, top-k, top-p and min-p',
  config: z.strictObject({
    temperature: z.number().min(0).default(1).describe('below 1 sharpens the distribution, above 1 flattens it'),
    topK: z.int().min(1).optional().describe('keep this many of the most probable tokens'),
    topP: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe('keep the most probable tokens that make up this probability'),
    minP: z.number().min(0).max(1).optional().describe('keep tokens at least this probable relative to the best'),
  }),
  create: (config, { rng }) => randomSampler(config, rng),
})
