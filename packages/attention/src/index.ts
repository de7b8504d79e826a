export { AdditiveAttention, type AdditiveAttentionConfig, additiveAttentionConfig } from './additive-attention.ts'
export { DotAttention, type DotAttentionConfig, dotAttentionConfig } from './dot-attention.ts'
export { GeneralAttention, type GeneralAttentionConfig, generalAttentionConfig } from './general-attention.ts'
export { causalMask, combineMasks, maskBias, paddingMask, slidingWindowMask } from './masks.ts'
export {
  type AttentionContext,
  type AttentionOutput,
  attentionPoint,
  MemoryAttention,
  type PreparedMemory,
} from './memory-attention.ts'
export { attentionPlugin } from './plugin.ts'
export {
  type ScaledDotProductOptions,
  scaledDotProductAttention,
  scaledDotProductWeights,
} from './scaled-dot-product.ts'
