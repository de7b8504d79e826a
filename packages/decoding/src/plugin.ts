import type { Plugin } from '@heddle/core'
import { greedySamplerPart } from './greedy-sampler.ts'
import { randomSamplerPart } from './random-sampler.ts'

/** The samplers of this package as a plugin. */
export const decodingPlugin: Plugin = {
  name: '@heddle/decoding',
  contributes: [greedySamplerPart, randomSamplerPart],
}
