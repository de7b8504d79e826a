import * as z from 'zod'
import { type Sampler, samplerPoint } from './sampler.ts'
import { argMax } from './softmax.ts'

/** Takes the most probable token. */
export const greedySampler: Sampler = { choose: argMax }

export const greedySamplerPart = samplerPoint.of({
  name: 'greedy',
  summary: 'the most probable token',
  config: z.strictObject({}),
  create: () => greedySampler,
})
