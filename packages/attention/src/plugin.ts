import type { Plugin } from '@heddle/core'
import * as z from 'zod'
import { AdditiveAttention, additiveAttentionConfig } from './additive-attention.ts'
import { DotAttention } from './dot-attention.ts'
import { GeneralAttention } from './general-attention.ts'
import { attentionPoint } from './memory-attention.ts'
import { AlibiPositions } from './positions/alibi-positions.ts'
import { LearnedPositions, learnedPositionsConfig } from './positions/learned-positions.ts'
import { NoPositions } from './positions/no-positions.ts'
import { positionsPoint } from './positions/positions.ts'
import { RelativeBias, relativeBiasConfig } from './positions/relative-bias.ts'
import { RotaryPositions, rotaryPositionsConfig } from './positions/rotary-positions.ts'
import { SinusoidalPositions, sinusoidalPositionsConfig } from './positions/sinusoidal-positions.ts'

// The sizes come from the network that the part is built into.
const noConfig = z.strictObject({})

/** Number of learned positions in a model that sets no limit itself. */
const MAX_POSITIONS = 512

/** Plugin with the attentions and positions of this package. */
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
    positionsPoint.of({
      name: 'sinusoidal',
      summary: 'vectors of sines and cosines, added to the input',
      config: sinusoidalPositionsConfig.pick({ base: true }),
      create: ({ base }, { hiddenSize }) => new SinusoidalPositions({ hiddenSize, base }),
    }),
    positionsPoint.of({
      name: 'learned',
      summary: 'trained vectors, added to the input',
      config: learnedPositionsConfig.pick({ standardDeviation: true }).extend({
        maxPositions: learnedPositionsConfig.shape.maxPositions.optional(),
      }),
      create: ({ maxPositions, standardDeviation }, { hiddenSize, maxPositions: most = MAX_POSITIONS, rng }) =>
        new LearnedPositions({ maxPositions: maxPositions ?? most, hiddenSize, standardDeviation }, rng),
    }),
    positionsPoint.of({
      name: 'rotary',
      summary: 'queries and keys turned by their positions (RoPE)',
      config: rotaryPositionsConfig.omit({ headSize: true }),
      create: (config, { headSize }) => new RotaryPositions({ ...config, headSize }),
    }),
    positionsPoint.of({
      name: 'alibi',
      summary: 'a penalty on scores that grows with distance (ALiBi)',
      config: noConfig,
      create: (_, { numHeads }) => new AlibiPositions({ numHeads }),
    }),
    positionsPoint.of({
      name: 'relative-bias',
      summary: 'trained numbers added to scores by distance (T5)',
      config: relativeBiasConfig.pick({ numBuckets: true, maxDistance: true }),
      create: (config, { numHeads, causal, rng }) => new RelativeBias({ ...config, numHeads, causal }, rng),
    }),
    positionsPoint.of({
      name: 'none',
      summary: 'no positions: only a causal mask tells the order',
      config: noConfig,
      create: () => new NoPositions(),
    }),
  ],
}
