// One more step of a stack of Transformer layers that keep their keys and values, and the logits after it, in one call.
//
//   normFirst:  h = x + f(norm(x)) for each sublayer f: attention, attention over a source, a feed-forward network
//   else:       h = norm(x + f(x))
//
// Weights come packed (src/fused/packed-layers.ts), in the order in which a step reads them: bias and panels of a map, numbers of a
// norm. Each thread reads its share of the panels of a map front to back. An element of a product is summed by one thread in one
// order, so that results do not depend on the number of threads.
//
// B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, S steps with the new one,
// C room of the caches, R numbers of a head that positions turn, U steps of the source, V vocabulary

import { CACHED_LAYERS_PART } from '../generated/job-ids'
import { gemv } from '../gemm/gemv'
import { tileColumns } from '../gemm/tile'
import { at } from '../memory/address'
import { addScaledRow, sumSquaresRow } from '../math/row-math'
import { writeRow } from '../reductions/normalize'
import { sum } from '../reductions/reduce'
import { barrier, everyThread, threadCount, watchLonger } from '../threads/threads'
import { activateRow } from './activate-row'
import { attendSteps, rotate } from './attend-steps'
import { panels, panelsProduct } from './panels-product'

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

// Fewer weights are read as soon by one thread, which waits for nobody between the parts of a layer.
// @ts-ignore: decorator
@inline const ALONE: i64 = 1 << 21

/** Floats before the weight of a norm: whether there is one, whether it centers, its epsilon. */
// @ts-ignore: decorator
@inline const NORM_HEADER: i32 = 16

// @ts-ignore: decorator
@inline
function padded(n: i32): i32 {
  return (n + 15) & ~15
}

// @ts-ignore: decorator
@inline
function longest(p: CachedLayersArguments): i32 {
  return padded(max(p.length + 1, p.sourceSteps))
}

/** Columns of the widest product within a layer. */
// @ts-ignore: decorator
@inline
function wideSize(p: CachedLayersArguments): i32 {
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

// Where the parts of the shared scratch memory are.

/** The residual stream, [B, padded D]. */
// @ts-ignore: decorator
@inline
function stream(p: CachedLayersArguments): usize {
  return p.scratch
}

/** [B, wide] */
// @ts-ignore: decorator
@inline
function wideRows(p: CachedLayersArguments): usize {
  return at(stream(p), p.batch * padded(p.size))
}

/** [B, padded V] */
// @ts-ignore: decorator
@inline
function logitRows(p: CachedLayersArguments): usize {
  return at(wideRows(p), p.batch * wideSize(p))
}

/** [B, N·K] */
// @ts-ignore: decorator
@inline
function contexts(p: CachedLayersArguments): usize {
  return at(logitRows(p), p.batch * padded(p.vocabulary))
}

/** [B, N, U] */
// @ts-ignore: decorator
@inline
function sourceScores(p: CachedLayersArguments): usize {
  return at(contexts(p), padded(p.batch * p.heads * p.headSize))
}

/** Input of the next sublayer, [B, padded D]: a thread's own copy. */
// @ts-ignore: decorator
@inline
function normed(p: CachedLayersArguments, thread: i32): usize {
  return at(p.scratch, sharedWords(p) + thread * ownWords(p))
}

/** A thread's memory for addresses and for scores of steps. */
// @ts-ignore: decorator
@inline
function stepList(p: CachedLayersArguments, thread: i32): usize {
  return at(normed(p, thread), p.batch * padded(p.size))
}

/** @entry */
export function cachedLayers(p: CachedLayersArguments): void {
  const D = p.size
  const weights = 2 * <i64>D * ((p.heads + p.keyValueHeads) * p.headSize + p.innerSize)
  for (let b = 0; b < p.batch; b++) memory.copy(at(stream(p), b * padded(D)), at(p.x, b * D), <usize>D << 2)
  if (weights * p.layers < ALONE || threadCount > p.threads) cachedLayersPart(p, 0, 1)
  else everyThread(CACHED_LAYERS_PART, changetype<usize>(p))
  for (let b = 0; b < p.batch; b++) {
    const row = at(p.logits, b * p.vocabulary)
    memory.copy(row, at(logitRows(p), b * padded(p.vocabulary)), <usize>p.vocabulary << 2)
  }
  if (p.sourceSteps > 0) meanSourceWeights(p)
}

/** Mean over the heads of the last layer. */
function meanSourceWeights(p: CachedLayersArguments): void {
  const U = p.sourceSteps
  memory.fill(p.sourceWeights, 0, <usize>(p.batch * U) << 2)
  const share = <f32>1 / <f32>p.heads
  for (let i = 0; i < p.batch * p.heads; i++) {
    addScaledRow(at(p.sourceWeights, (i / p.heads) * U), at(sourceScores(p), i * U), share, U)
  }
}

/** @job All of a step but copies of the results. */
export function cachedLayersPart(p: CachedLayersArguments, thread: i32, threads: i32): void {
  watchLonger()
  const D = p.size
  let weights = p.packed
  if (p.normFirst == 0) memory.copy(normed(p, thread), stream(p), <usize>(p.batch * padded(D)) << 2)
  for (let layer = 0; layer < p.layers; layer++) {
    weights = attention(p, layer, weights, thread, threads)
    if (p.sourceSteps > 0) weights = sourceAttention(p, layer, weights, thread, threads)
    weights = network(p, weights, thread, threads)
  }
  if (p.normFirst != 0) weights = normStream(p, weights, thread)
  const logits = logitRows(p)
  const pitch = padded(p.vocabulary)
  if (p.table == 0) map(p, D, p.vocabulary, normed(p, thread), padded(D), weights, 0, logits, pitch, thread, threads)
  else {
    const first = share(p.vocabulary, thread, threads)
    const count = share(p.vocabulary, thread + 1, threads) - first
    const rows = at(p.table, first * D)
    gemv(p.batch, count, D, normed(p, thread), padded(D), 1, rows, 1, D, at(logits, first), pitch, false)
    for (let b = 0; b < p.batch; b++) addScaledRow(at(logits, b * pitch + first), at(weights, first), 1, count)
  }
}

/** The first of `total` things of a thread, a multiple of 4. */
// @ts-ignore: decorator
@inline
function share(total: i32, thread: i32, threads: i32): i32 {
  return thread == threads ? total : <i32>((<i64>total * thread) / threads) & ~3
}

/** A sublayer reads `normed`; this is what is added to its output. */
// @ts-ignore: decorator
@inline
function residual(p: CachedLayersArguments, thread: i32): usize {
  return p.normFirst != 0 ? stream(p) : normed(p, thread)
}

/** normed = norm(stream); returns where the weights go on. */
function normStream(p: CachedLayersArguments, weights: usize, thread: i32): usize {
  const pitch = padded(p.size)
  for (let b = 0; b < p.batch; b++) norm(p.size, at(stream(p), b * pitch), weights, at(normed(p, thread), b * pitch))
  return afterNorm(p.size, weights)
}

// @ts-ignore: decorator
@inline
function afterNorm(n: i32, weights: usize): usize {
  return at(weights, NORM_HEADER + 2 * padded(n))
}

/** x and y may be the same memory. */
function norm(n: i32, x: usize, weights: usize, y: usize): void {
  if (f32.load(weights) == 0) {
    memory.copy(y, x, <usize>n << 2)
    return
  }
  const mean = f32.load(weights, 4) != 0 ? sum(x, n) / <f32>n : <f32>0
  const r = <f32>1 / sqrt<f32>(sumSquaresRow(x, n, mean) / <f32>n + f32.load(weights, 8))
  const weight = at(weights, NORM_HEADER)
  writeRow(n, x, mean, r, weight, at(weight, padded(n)), y)
}

/** A thread's share of y = from + x·W + bias, where x has k columns and y n; returns where the weights go on. */
function map(
  p: CachedLayersArguments,
  k: i32,
  n: i32,
  x: usize,
  xRow: i32,
  weights: usize,
  from: usize,
  y: usize,
  yRow: i32,
  thread: i32,
  threads: i32,
): usize {
  const count = panels(n)
  const first = (count * thread) / threads
  const last = (count * (thread + 1)) / threads
  const matrix = at(weights, padded(n))
  panelsProduct(p.batch, k, first, last, x, xRow, matrix, weights, from, y, yRow)
  return at(matrix, padded(count * tileColumns * k))
}

function attention(p: CachedLayersArguments, layer: i32, weights: usize, thread: i32, threads: i32): usize {
  const D = p.size
  const pitch = padded(D)
  const wide = wideSize(p)
  const size = p.heads * p.headSize
  const shared = p.keyValueHeads * p.headSize
  if (p.normFirst != 0) weights = normStream(p, weights, thread)
  const input = normed(p, thread)
  const keys = at(wideRows(p), padded(size))
  weights = map(p, D, size, input, pitch, weights, 0, wideRows(p), wide, thread, threads)
  weights = map(p, D, shared, input, pitch, weights, 0, keys, wide, thread, threads)
  weights = map(p, D, shared, input, pitch, weights, 0, at(keys, padded(shared)), wide, thread, threads)
  barrier()
  const units = p.batch * p.keyValueHeads
  const end = (units * (thread + 1)) / threads
  for (let unit = (units * thread) / threads; unit < end; unit++) {
    attendHead(p, layer, unit / p.keyValueHeads, unit % p.keyValueHeads, weights, thread)
  }
  weights = afterNorm(p.headSize, afterNorm(p.headSize, weights))
  return addOutput(p, size, contexts(p), size, weights, thread, threads)
}

/** stream = residual + rows·W + bias, from where the next sublayer goes on. */
function addOutput(
  p: CachedLayersArguments,
  k: i32,
  rows: usize,
  pitch: i32,
  weights: usize,
  thread: i32,
  threads: i32,
): usize {
  barrier()
  const from = residual(p, thread)
  weights = map(p, k, p.size, rows, pitch, weights, from, stream(p), padded(p.size), thread, threads)
  barrier()
  return p.normFirst != 0 ? weights : normStream(p, weights, thread)
}

/** The new key and value of head g of a batch row, and the queries that look at it. Norms of queries and keys are at `norms`. */
function attendHead(p: CachedLayersArguments, layer: i32, b: i32, g: i32, norms: usize, thread: i32): void {
  const K = p.headSize
  const group = p.heads / p.keyValueHeads
  const plane = p.cacheRows * p.keyValueHeads * p.room * K
  const caches = at(p.caches, 2 * layer * plane)
  const toValues = <usize>plane << 2
  const row = at(wideRows(p), b * wideSize(p))
  const newKey = at(row, padded(p.heads * K) + g * K)
  const key = at(caches, ((b * p.keyValueHeads + g) * p.room + p.length) * K)
  norm(K, newKey, afterNorm(K, norms), key)
  rotate(p.rotated, p.cos, p.sin, key)
  memory.copy(key + toValues, at(newKey, padded(p.keyValueHeads * K)), <usize>K << 2)

  let first = p.starts == 0 ? 0 : i32.load(at(p.starts, b))
  if (p.window > 0) first = max(first, p.length + 1 - p.window)
  const steps = p.length + 1 - first
  const list = stepList(p, thread)
  for (let s = first; s <= p.length; s++) {
    const origin = s < p.originSteps ? i32.load(at(p.origins, b * p.originSteps + s)) : b
    i32.store(at(list, s - first), <i32>at(caches, ((origin * p.keyValueHeads + g) * p.room + s) * K))
  }
  const scores = at(list, longest(p))
  const scale = <f32>1 / sqrt<f32>(<f32>K)
  for (let n = g * group; n < (g + 1) * group; n++) {
    const query = at(row, n * K)
    norm(K, query, norms, query)
    rotate(p.rotated, p.cos, p.sin, query)
    const bias: usize = p.scoreBias == 0 ? 0 : at(p.scoreBias, n * (p.length + 1) + first)
    attendSteps(steps, K, query, list, toValues, scale, bias, scores, at(contexts(p), (b * p.heads + n) * K))
  }
}

function sourceAttention(p: CachedLayersArguments, layer: i32, weights: usize, thread: i32, threads: i32): usize {
  const size = p.heads * p.headSize
  if (p.normFirst != 0) weights = normStream(p, weights, thread)
  const input = normed(p, thread)
  weights = map(p, p.size, size, input, padded(p.size), weights, 0, wideRows(p), wideSize(p), thread, threads)
  barrier()
  const units = p.batch * p.heads
  const end = (units * (thread + 1)) / threads
  for (let unit = (units * thread) / threads; unit < end; unit++) {
    attendSource(p, layer, unit / p.heads, unit % p.heads, weights, thread)
  }
  return addOutput(p, size, contexts(p), size, afterNorm(p.headSize, weights), thread, threads)
}

function attendSource(p: CachedLayersArguments, layer: i32, b: i32, n: i32, queryNorm: usize, thread: i32): void {
  const K = p.headSize
  const U = p.sourceSteps
  const sourceRow = i32.load(at(p.sourceRows, b))
  const keys = <usize>i32.load(at(p.sources, 2 * layer))
  const toValues = <usize>i32.load(at(p.sources, 2 * layer), 4) - keys
  const list = stepList(p, thread)
  for (let s = 0; s < U; s++) i32.store(at(list, s), <i32>at(keys, ((sourceRow * p.heads + n) * U + s) * K))
  const query = at(wideRows(p), b * wideSize(p) + n * K)
  norm(K, query, queryNorm, query)
  const head = b * p.heads + n
  const bias: usize = p.sourceBias == 0 ? 0 : at(p.sourceBias, sourceRow * U)
  const scale = <f32>1 / sqrt<f32>(<f32>K)
  attendSteps(U, K, query, list, toValues, scale, bias, at(sourceScores(p), head * U), at(contexts(p), head * K))
}

function network(p: CachedLayersArguments, weights: usize, thread: i32, threads: i32): usize {
  const F = p.innerSize
  const wide = wideSize(p)
  if (p.normFirst != 0) weights = normStream(p, weights, thread)
  const input = normed(p, thread)
  const gates = at(wideRows(p), padded(F))
  weights = map(p, p.size, F, input, padded(p.size), weights, 0, wideRows(p), wide, thread, threads)
  if (p.gated != 0) weights = map(p, p.size, F, input, padded(p.size), weights, 0, gates, wide, thread, threads)
  const first = ((panels(F) * thread) / threads) * tileColumns
  const count = ((panels(F) * (thread + 1)) / threads) * tileColumns - first
  for (let b = 0; b < p.batch; b++) {
    const inner = at(wideRows(p), b * wide + first)
    if (p.gated == 0) activateRow(count, p.activation, inner, 0)
    else activateRow(count, p.activation, at(inner, padded(F)), inner)
  }
  return addOutput(p, F, wideRows(p), wide, weights, thread, threads)
}
