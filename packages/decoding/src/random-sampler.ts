import type { RandomStream } from '@heddle/core'
import * as z from 'zod'
import { greedySampler } from './greedy-sampler.ts'
import { composeProcessors, type LogitsProcessor } from './logits-processor.ts'
import { epsilonCutoff } from './processors/epsilon-cutoff.ts'
import { etaCutoff } from './processors/eta-cutoff.ts'
import type { KeepOptions } from './processors/keep-best.ts'
import { minP } from './processors/min-p.ts'
import { temperature } from './processors/temperature.ts'
import { topK } from './processors/top-k.ts'
import { topP } from './processors/top-p.ts'
import { typicalP } from './processors/typical-p.ts'
import { type Sampler, samplerPoint } from './sampler.ts'
import { softmax } from './softmax.ts'

export interface RandomSamplerOptions extends KeepOptions {
  /** Default 1; 0 always takes the most probable token. */
  readonly temperature?: number | undefined
  readonly topK?: number | undefined
  readonly topP?: number | undefined
  readonly minP?: number | undefined
  readonly typicalP?: number | undefined
  readonly epsilonCutoff?: number | undefined
  readonly etaCutoff?: number | undefined
}

/**
 * Draws a token from the softmax of the logits, after temperature, top-k, top-p, min-p, typical-p, epsilon and eta cutoff, in this
 * order.
 */
export function randomSampler(options: RandomSamplerOptions, rng: RandomStream): Sampler {
  if (options.temperature === 0) return greedySampler
  const processors: LogitsProcessor[] = []
  if (options.temperature !== undefined && options.temperature !== 1) processors.push(temperature(options.temperature))
  const { minTokensToKeep = 1, ...cuts } = options
  const keep = { minTokensToKeep }
  if (cuts.topK !== undefined) processors.push(topK(Math.max(cuts.topK, minTokensToKeep)))
  if (cuts.topP !== undefined) processors.push(topP(cuts.topP, keep))
  if (cuts.minP !== undefined) processors.push(minP(cuts.minP, keep))
  if (cuts.typicalP !== undefined) processors.push(typicalP(cuts.typicalP, keep))
  if (cuts.epsilonCutoff !== undefined) processors.push(epsilonCutoff(cuts.epsilonCutoff, keep))
  if (cuts.etaCutoff !== undefined) processors.push(etaCutoff(cuts.etaCutoff, keep))
  const process = composeProcessors(processors)
  return {
    choose(logits, context) {
      process(logits, context)
      return rng.weighted(softmax(logits))
    },
  }
}

const fraction = z.number().gt(0).lt(1).optional()

/** Settings of the random sampler, for schemas that offer them. */
export const randomSamplerFields = {
  temperature: z.number().min(0).default(1).describe('below 1 sharpens the distribution, above 1 flattens it'),
  topK: z.int().min(1).optional().describe('keep this many of the most probable tokens'),
  topP: z.number().positive().max(1).optional().describe('keep the most probable tokens that make up this probability'),
  minP: z.number().min(0).max(1).optional().describe('keep tokens at least this probable relative to the best'),
  typicalP: fraction.describe(
    'keep the tokens nearest to the mean information (entropy) that make up this probability',
  ),
  epsilonCutoff: fraction.describe('keep tokens at least this probable'),
  etaCutoff: fraction.describe('keep tokens at least this probable, less where the distribution is flat'),
  minTokensToKeep: z
    .int()
    .min(1)
    .optional()
    .describe('number of most probable tokens that are kept in any case (default: 1)'),
}

export const randomSamplerPart = samplerPoint.of({
  name: 'random',
  summary: 'a token drawn from the distribution, with temperature, top-k, top-p, min-p, typical-p and cutoffs',
  config: z.strictObject(randomSamplerFields),
  create: (config, { rng }) => randomSampler(config, rng),
})
