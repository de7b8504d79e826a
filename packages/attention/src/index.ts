export { AdditiveAttention, type AdditiveAttentionConfig, additiveAttentionConfig } from './additive-attention.ts'
export {
  CrossAttention,
  type CrossAttentionConfig,
  crossAttentionConfig,
  type PreparedKeyValues,
} from './cross-attention.ts'
export { DotAttention, type DotAttentionConfig, dotAttentionConfig } from './dot-attention.ts'
export { GeneralAttention, type GeneralAttentionConfig, generalAttentionConfig } from './general-attention.ts'
export { type ReportsHeads, reportsHeads } from './head-weights.ts'
export { type HeadSizes, headSizes } from './heads.ts'
export {
  type CachedAttentionOptions,
  cachedAttention,
  emptyCache,
  extendCache,
  type KeyValueCache,
  wholeCache,
} from './key-value-cache.ts'
export { causalMask, combineMasks, maskBias, paddingMask, slidingWindowMask } from './masks.ts'
export {
  type AttentionContext,
  type AttentionOutput,
  attentionPoint,
  MemoryAttention,
  type PreparedMemory,
} from './memory-attention.ts'
export { attentionPlugin } from './plugin.ts'
export { AlibiPositions, type AlibiPositionsConfig } from './positions/alibi-positions.ts'
export { LearnedPositions, type LearnedPositionsConfig } from './positions/learned-positions.ts'
export { type Positions, type PositionsContext, positionsPoint } from './positions/positions.ts'
export { RelativeBias, type RelativeBiasConfig } from './positions/relative-bias.ts'
export { RotaryPositions, type RotaryPositionsConfig } from './positions/rotary-positions.ts'
export { SinusoidalPositions, type SinusoidalPositionsConfig } from './positions/sinusoidal-positions.ts'
export { pyTorchPositions } from './pytorch/positions.ts'
export {
  type ScaledDotProductOptions,
  scaledDotProductAttention,
  scaledDotProductWeights,
} from './scaled-dot-product.ts'
export {
  type AttentionParts,
  type Norm,
  SelfAttention,
  type SelfAttentionConfig,
  selfAttentionConfig,
} from './self-attention.ts'
