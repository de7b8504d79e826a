import type { Exhibit, TextToken } from '@heddle/tasks'
import type { HeadFigures } from './head-figures.ts'

// T queries, S keys

/** Attention weights [T, S]; each row sums to 1. */
export type WeightMatrix = readonly (readonly number[])[]

export interface AttentionHead {
  /** From 0. */
  readonly head: number
  readonly weights: WeightMatrix
  readonly figures: HeadFigures
}

export interface AttentionLayer {
  /** From 0, bottom to top. */
  readonly layer: number
  /** Path of the module in the model. */
  readonly path: string
  readonly heads: readonly AttentionHead[]
}

/** The attention of one stack of layers: of an encoder over its text, of a decoder over its own, or over a source. */
export interface AttentionStack {
  readonly name: string
  readonly over: 'itself' | 'memory'
  readonly queries: readonly TextToken[] // T
  readonly keys: readonly TextToken[] // S
  readonly layers: readonly AttentionLayer[]
  /** All layers and heads in one map. */
  readonly summary: {
    readonly kind: 'rollout' | 'flow' | 'mean'
    readonly weights: WeightMatrix
  }
}

/** Attention by layer and head of a model that reads a text. */
export interface AttentionHeadsExhibit extends Exhibit {
  readonly kind: 'attention-heads'
  /** The text that an encoder-decoder wrote or was given. */
  readonly text?: string
  readonly stacks: readonly AttentionStack[]
}
