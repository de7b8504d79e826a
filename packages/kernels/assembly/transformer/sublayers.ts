// The three sublayers of a Transformer layer for one more step: attention over the kept steps, attention over a source, and a
// feed-forward network. Each adds its output to the residual stream and returns the address of the next sublayer's weights.
//
// B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, U steps of the source

import { tileColumns } from '../gemm/tile'
import { at } from '../memory/address'
import { barrier } from '../threads/threads'
import { activateRow } from './activate-row'
import { attendSteps, rotate } from './attend-steps'
import {
  CachedLayersArguments,
  contexts,
  longest,
  normed,
  padded,
  sourceScores,
  stepList,
  wideRows,
  wideSize,
} from './cached-layers-arguments'
import { addOutput, afterNorm, map, norm, normStream } from './norm-and-map'
import { panels } from './panels-product'

export function attention(p: CachedLayersArguments, layer: i32, weights: usize, thread: i32, threads: i32): usize {
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

export function sourceAttention(p: CachedLayersArguments, layer: i32, weights: usize, thread: i32, threads: i32): usize {
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

export function network(p: CachedLayersArguments, weights: usize, thread: i32, threads: i32): usize {
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
