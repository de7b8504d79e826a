// Arguments of a step of Transformer layers that keep their keys and values, and the layout of its scratch memory.
//
// B batch, D hidden size, L layers, N heads, G key-value heads, K size of a head, S steps with the new one, C room of the caches,
// R numbers of a head that positions turn, U steps of the source, V vocabulary

import { at } from '../memory/address'

@unmanaged
export class CachedLayersArguments {
  batch: i32
  /** D */
  size: i32
  layers: i32
  normFirst: i32
  heads: i32
  keyValueHeads: i32
  headSize: i32
  innerSize: i32
  /** Of `LayerActivation`. */
  activation: i32
  /** Whether the inner vector is activation(gate)·inner; else activation(inner). */
  gated: i32
  packed: usize
  /** [B, D] */
  x: usize
  /** `cachedLayersWords` floats. */
  scratch: usize
  /** Threads for which there is scratch memory. */
  threads: i32

  /** Steps before the new one. */
  length: i32
  /** [L, 2, rows, G, C, K]: keys and values of each layer; the new step is written to the first B rows. */
  caches: usize
  /** Rows of the caches. */
  cacheRows: i32
  /** C */
  room: i32
  /** Number of steps that a query sees, or 0 for all. */
  window: i32 = 0
  /** [B, originSteps]: the row of the caches in which a step lies; later steps lie in their own row. */
  origins: usize = 0
  originSteps: i32 = 0
  /** [B]: first step of each row, or 0. */
  starts: usize = 0
  /** R, and [R/2] each: the angles of the new step. */
  rotated: i32 = 0
  cos: usize = 0
  sin: usize = 0
  /** Added to the scores, [N, S], or 0. */
  scoreBias: usize = 0

  /** U, or 0 without a source. */
  sourceSteps: i32 = 0
  /** [L, 2]: addresses of keys and values [rows, N, U, K]. */
  sources: usize = 0
  /** [B]: row of the source that a row reads. */
  sourceRows: usize = 0
  /** [rows, U], or 0. */
  sourceBias: usize = 0
  /** [B, U]: mean weights of the last layer's heads. */
  sourceWeights: usize = 0

  /** V */
  vocabulary: i32
  /** Token vectors [V, D] that are the output layer, or 0 for one that is packed. */
  table: usize = 0
  /** [B, V] */
  logits: usize
}

// @ts-ignore: decorator
@inline
export function padded(n: i32): i32 {
  return (n + 15) & ~15
}

// @ts-ignore: decorator
@inline
export function longest(p: CachedLayersArguments): i32 {
  return padded(max(p.length + 1, p.sourceSteps))
}

/** Columns of the widest product within a layer. */
// @ts-ignore: decorator
@inline
export function wideSize(p: CachedLayersArguments): i32 {
  const heads = padded(p.heads * p.headSize) + 2 * padded(p.keyValueHeads * p.headSize)
  return max(heads, padded(p.innerSize) * (1 + p.gated))
}

/** Floats of scratch memory that a thread has for itself. */
function ownWords(p: CachedLayersArguments): i32 {
  return p.batch * padded(p.size) + 2 * longest(p)
}

/** Floats of scratch memory that all threads share. */
function sharedWords(p: CachedLayersArguments): i32 {
  const heads = p.batch * p.heads
  return p.batch * (padded(p.size) + wideSize(p) + padded(p.vocabulary)) + padded(heads * p.headSize) + padded(heads * p.sourceSteps)
}

/** @entry Floats of scratch memory of a call. */
export function cachedLayersWords(p: CachedLayersArguments): i32 {
  return sharedWords(p) + p.threads * ownWords(p)
}

// Addresses of the parts of the shared scratch memory.

/** The residual stream, [B, padded D]. */
// @ts-ignore: decorator
@inline
export function stream(p: CachedLayersArguments): usize {
  return p.scratch
}

/** [B, wide] */
// @ts-ignore: decorator
@inline
export function wideRows(p: CachedLayersArguments): usize {
  return at(stream(p), p.batch * padded(p.size))
}

/** [B, padded V] */
// @ts-ignore: decorator
@inline
export function logitRows(p: CachedLayersArguments): usize {
  return at(wideRows(p), p.batch * wideSize(p))
}

/** [B, N·K] */
// @ts-ignore: decorator
@inline
export function contexts(p: CachedLayersArguments): usize {
  return at(logitRows(p), p.batch * padded(p.vocabulary))
}

/** [B, N, U] */
// @ts-ignore: decorator
@inline
export function sourceScores(p: CachedLayersArguments): usize {
  return at(contexts(p), padded(p.batch * p.heads * p.headSize))
}

/** Input of the next sublayer, [B, padded D]: a thread's own copy. */
// @ts-ignore: decorator
@inline
export function normed(p: CachedLayersArguments, thread: i32): usize {
  return at(p.scratch, sharedWords(p) + thread * ownWords(p))
}

/** A thread's memory for addresses and for scores of steps. */
// @ts-ignore: decorator
@inline
export function stepList(p: CachedLayersArguments, thread: i32): usize {
  return at(normed(p, thread), p.batch * padded(p.size))
}
