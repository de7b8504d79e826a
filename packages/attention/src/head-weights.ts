import type { Module } from '@heddle/layers'

// B batch, T queries in time, S keys in time, N heads

/** Capability of attention with many heads: `forward` reports the weights of each head, [B, N, T, S], with `observe`. */
export interface ReportsHeads extends Module {
  /** Name under which it reports them. */
  readonly headWeights: string
  /** Whether keys and queries are steps of one sequence, or the keys are those of a memory. */
  readonly attendsTo: 'itself' | 'memory'
}

export function reportsHeads(module: Module): module is ReportsHeads {
  return (module as Partial<ReportsHeads>).headWeights !== undefined
}
