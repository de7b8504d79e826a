import type { Plugin } from '@heddle/core'
import { z } from 'zod'
import { greedySampler, randomSampler, samplerPoint } from './sampler.ts'

const randomConfig = z.strictObject({
  temperature: z.number().min(0).default(1).describe('below 1 sharpens the distribution, above 1 flattens it'),
  topK: z.int().min(1).optional().describe('keep this many of the most probable tokens'),
  topP: z.number().positive().max(1).optional().describe('keep the most probable tokens that make up this probability'),
  minP: z.number().min(0).max(1).optional().describe('keep tokens at least this probable relative to the best'),
})

/** The samplers of this package as a plugin. */
export const decodingPlugin: Plugin = {
  name: '@heddle/decoding',
  contributes: [
    samplerPoint.of({
      name: 'greedy',
      summary: 'the most probable token',
      config: z.strictObject({}),
      create: () => greedySampler,
    }),
    samplerPoint.of({
      name: 'random',
      summary: 'a token drawn from the distribution, with temperature, top-k, top-p and min-p',
      config: randomConfig,
      create: ({ temperature, topK, topP, minP }, { rng }) =>
        randomSampler(
          {
            temperature,
            ...(topK !== undefined && { topK }),
            ...(topP !== undefined && { topP }),
            ...(minP !== undefined && { minP }),
          },
          rng,
        ),
    }),
  ],
}
