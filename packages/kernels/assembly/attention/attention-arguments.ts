// Arguments of attention, the blocks of its queries, and the keys that a query sees.
//
// B batch, N heads, G heads of keys and values, T queries, S keys, K size of a query and key, V size of a value

import { threadCount } from '../threads/threads'

/** Strides are in elements: between batch rows, heads, and steps in time. */
@unmanaged
export class AttentionArguments {
  batch: i32
  heads: i32
  /** N / G. */
  group: i32
  queries: i32
  keys: i32
  keySize: i32
  valueSize: i32
  causal: i32
  /** Causal: number of keys that a query sees, its own included; or 0 for all. */
  window: i32 = 0
  scale: f32
  query: usize
  key: usize
  value: usize
  /** [B, S] bytes, 0 for a hidden key; or 0. */
  mask: usize = 0
  /** [N, T + S - 1]: added to the score of query t and key s, at T - 1 + s - t; or 0. */
  distances: usize = 0
  out: usize
  /** [B, N, T]: log Σ exp(score); -infinity where a query sees nothing. Forward: or 0. */
  logSums: usize = 0
  queryBatch: i32
  queryHead: i32
  queryStep: i32
  keyBatch: i32
  keyHead: i32
  keyStep: i32
  valueBatch: i32
  valueHead: i32
  valueStep: i32
  outBatch: i32
  outHead: i32
  outStep: i32
  /** Memory for the parts of the parallel loop, `attentionScratch` floats each. */
  scratch: usize
  parts: i32
  // Backward only.
  dOut: usize = 0
  dQuery: usize = 0
  dKey: usize = 0
  dValue: usize = 0
  /** [B, N, T + S - 1], or 0 */
  dDistances: usize = 0
}

/** Scores of a block, so that it fits the second-level cache. */
// @ts-ignore: decorator
@inline const BLOCK_SCORES: i32 = 49152

// Rows of a block.
// @ts-ignore: decorator
@inline const MOST_ROWS: i32 = 96

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 1 << 18

/** Number of queries that meet their keys at once. */
// @ts-ignore: decorator
@inline
export function blockOfQueries(T: i32, S: i32, window: i32): i32 {
  const keys = window == 0 ? S : min(S, window + MOST_ROWS)
  return min(T, max(12, min(MOST_ROWS, BLOCK_SCORES / max(1, keys))))
}

/** The most keys that a block meets. */
// @ts-ignore: decorator
@inline
export function keysOfBlock(rows: i32, S: i32, window: i32): i32 {
  return window == 0 ? S : min(S, window + rows - 1)
}

/** @entry Floats of scratch that a part needs: scores, the mask as numbers, sums; backward also the gradients of scores. */
export function attentionScratch(T: i32, S: i32, window: i32, backward: bool): i32 {
  const rows = blockOfQueries(T, S, window)
  return rows * keysOfBlock(rows, S, window) * (backward ? 2 : 1) + S + rows
}

/** @entry Number of scores that a head computes, hidden ones in its blocks included. */
export function attentionScores(T: i32, S: i32, window: i32, causal: bool): f64 {
  const rows = blockOfQueries(T, S, window)
  let count: f64 = 0
  for (let first = 0; first < T; first += rows) {
    const n = min(rows, T - first)
    const end = causal ? max(0, min(S, first + n + S - T)) : S
    count += <f64>n * max(0, end - firstKeyOf(first, T, S, window))
  }
  return count
}

/** @entry Number of parts of the work, each of which needs scratch memory. */
export function attentionParts(tasks: i32): i32 {
  return max(1, min(tasks, threadCount == 1 ? 1 : 4 * threadCount))
}

// @ts-ignore: decorator
@inline
export function part(p: AttentionArguments, tasks: i32, index: i32): i32 {
  return <i32>((<i64>tasks * index) / p.parts)
}

// @ts-ignore: decorator
@inline
export function grain(p: AttentionArguments): i32 {
  const keys = p.window == 0 ? p.keys : min(p.keys, p.window)
  const work = <i64>p.batch * p.heads * p.queries * keys * (p.keySize + p.valueSize)
  return work < WORTH_SPLITTING ? p.parts : 1
}

/** End of the keys that query t may see before the mask. */
// @ts-ignore: decorator
@inline
export function endOfKeys(p: AttentionArguments, t: i32): i32 {
  return p.causal != 0 ? max(0, min(p.keys, t + 1 + p.keys - p.queries)) : p.keys
}

/** First of the keys that query t may see. */
// @ts-ignore: decorator
@inline
function firstKeyOf(t: i32, T: i32, S: i32, window: i32): i32 {
  return window == 0 ? 0 : max(0, min(S, t + 1 + S - T - window))
}

// @ts-ignore: decorator
@inline
export function firstKey(p: AttentionArguments, t: i32): i32 {
  return firstKeyOf(t, p.queries, p.keys, p.window)
}

// @ts-ignore: decorator
@inline
export function floats(count: i32): usize {
  return <usize>count << 2
}
