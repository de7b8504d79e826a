import { ExtensionPoint, type RandomStream } from '@heddle/core'
import type { ProcessorContext } from './logits-processor.ts'

/** Chooses a token from a row of logits [V], which it may change. Each row has a sampler of its own, which may keep a state. */
export interface Sampler {
  choose(logits: Float32Array, context: ProcessorContext): number
}

export interface SamplerContext {
  /** The row's own random stream. */
  readonly rng: RandomStream
}

/** Samplers by name: how the next token is chosen. */
export const samplerPoint = new ExtensionPoint<Sampler, SamplerContext>('sampler')
