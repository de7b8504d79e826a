import type { Exhibit } from './exhibit.ts'

/** Attention weights over the source at each step of the output; each row sums to 1. */
export interface AttentionMap {
  readonly source: readonly string[] // S
  readonly target: readonly string[] // T
  readonly weights: readonly (readonly number[])[] // [T, S]
}

/** The attention map of one output. */
export interface AttentionExhibit extends Exhibit, AttentionMap {
  readonly kind: 'attention'
}
