import type { Plugin } from '@heddle/core'
import * as z from 'zod'
import { AdditiveAttention, additiveAttentionConfig } from './additive-attention.ts'
import { DotAttention } from './dot-attention.ts'
import { GeneralAttention } from './general-attention.ts'
import { attentionPoint } from './memory-attention.ts'

// The sizes of query and memory come from the decoder.
const noConfig = z.strictObject({})

/** Plugin with the attentions of this package. */
export const attentionPlugin: Plugin = {
  name: '@heddle/attention',
  contributes: [
    attentionPoint.of({
      name: 'additive',
      summary: 'feed-forward score (Bahdanau)',
      config: additiveAttentionConfig.pick({ attentionSize: true }),
      create: ({ attentionSize }, { querySize, memorySize, rng }) =>
        new AdditiveAttention({ querySize, memorySize, ...(attentionSize && { attentionSize }) }, rng),
    }),
    attentionPoint.of({
      name: 'dot',
      summary: 'dot product of query and memory (Luong)',
      config: noConfig,
      create: (_, { querySize, memorySize }) => new DotAttention({ querySize, memorySize }),
    }),
    attentionPoint.of({
      name: 'general',
      summary: 'bilinear score (Luong)',
      config: noConfig,
      create: (_, { querySize, memorySize, rng }) => new GeneralAttention({ querySize, memorySize }, rng),
    }),
  ],
}
