// One more step of a Transformer layer that keeps its keys and values: attention, a feed-forward network, or both, each with its
// norm and its residual connection, in one call.
//
//   normFirst:  h = x + output(attention(norm(x))),  y = h + network(norm(h))
//   else:       h = norm(x + output(attention(x))),  y = norm(h + network(h))
//
// The weights are read once and in the order of their memory, so that a step takes about as long as that. A product is a sum over
// the rows of its weight; the rows are shared out in a fixed number of parts, whose sums are added up in order by whoever needs
// them. Hence results do not depend on the number of threads, and each thread reads one long stream.
//
// B batch, D hidden size, N heads, G key-value heads, K size of a head, F size of the inner layer, S steps with the new one,
// C room of the caches, R numbers of a head that positions turn

import { CACHED_LAYER_PART } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { geluF32x4, sigmoidF32x4, tanhF32x4 } from '../math/math'
import { dotRow, sumSquaresRow } from '../math/row-math'
import { madd } from '../math/simd'
import { weightedSum } from '../recurrent/additive-attention'
import { writeRow } from '../reductions/normalize'
import { sum } from '../reductions/reduce'
import { softmaxRow } from '../reductions/softmax'
import { tanhArgument } from '../elementwise/pointwise'
import { barrier, everyThread } from '../threads/threads'

/** Functions between the two maps of the network. */
export const enum LayerActivation {
  IDENTITY = 0,
  RELU = 1,
  TANH = 2,
  SIGMOID = 3,
  GELU = 4,
  GELU_TANH = 5,
  SILU = 6,
  RELU_SQUARED = 7,
}

@unmanaged
export class CachedLayerArguments {
  batch: i32
  /** D */
  size: i32
  normFirst: i32
  /** [B, D] */
  x: usize
  y: usize
  /** `cachedLayerWords` floats. */
  scratch: usize

  // Attention; none without queryWeight. A norm without a weight is left out, and so is a bias of 0.
  heads: i32 = 0
  keyValueHeads: i32 = 0
  headSize: i32 = 0
  /** Steps before the new one. */
  length: i32 = 0
  /** C */
  room: i32 = 0
  /** R */
  rotated: i32 = 0
  scale: f32 = 0
  attentionNormCentred: i32 = 0
  attentionNormEpsilon: f32 = 0
  attentionNormWeight: usize = 0
  attentionNormBias: usize = 0
  /** [D, N·K] */
  queryWeight: usize = 0
  queryBias: usize = 0
  /** [D, G·K] */
  keyWeight: usize = 0
  keyBias: usize = 0
  /** [D, G·K] */
  valueWeight: usize = 0
  valueBias: usize = 0
  /** [N·K, D] */
  outputWeight: usize = 0
  outputBias: usize = 0
  queryNormCentred: i32 = 0
  queryNormEpsilon: f32 = 0
  queryNormWeight: usize = 0
  queryNormBias: usize = 0
  keyNormCentred: i32 = 0
  keyNormEpsilon: f32 = 0
  keyNormWeight: usize = 0
  keyNormBias: usize = 0
  /** [R/2] each, the angles of the new step. */
  cos: usize = 0
  sin: usize = 0
  /** Added to the scores, [N, S]. */
  scoreBias: usize = 0
  /** [B, G, C, K]; the new step is written to them. */
  keys: usize = 0
  values: usize = 0

  // The network; none without innerWeight.
  innerSize: i32 = 0
  activation: i32 = 0
  networkNormCentred: i32 = 0
  networkNormEpsilon: f32 = 0
  networkNormWeight: usize = 0
  networkNormBias: usize = 0
  /** [D, F] each; the inner vector is activation(gate)·inner where there is a gate, else activation(inner). */
  gateWeight: usize = 0
  gateBias: usize = 0
  innerWeight: usize = 0
  innerBias: usize = 0
  /** [F, D] */
  networkOutputWeight: usize = 0
  networkOutputBias: usize = 0
}

/** Parts of the rows of every weight, and the most threads that work on a layer. */
// @ts-ignore: decorator
@inline const PARTS: i32 = 4

// Numbers of a row of a result that stay in the first-level cache while rows of the weight stream by.
// @ts-ignore: decorator
@inline const COLUMNS: i32 = 4096
// @ts-ignore: decorator
@inline const FEWEST_COLUMNS: i32 = 1024

// Weights of this many numbers are read before a second thread has woken up.
// @ts-ignore: decorator
@inline const ALONE: i32 = 32768

/** @entry Floats of scratch memory of a call. */
export function cachedLayerWords(
  batch: i32,
  size: i32,
  heads: i32,
  keyValueHeads: i32,
  headSize: i32,
  steps: i32,
  innerSize: i32,
): i32 {
  const wide = max((heads + 2 * keyValueHeads) * headSize, 2 * innerSize)
  return batch * (PARTS * (wide + size) + heads * (2 * headSize + steps) + innerSize + PARTS * 2 * size)
}

// Where the parts of the scratch memory are.

// @ts-ignore: decorator
@inline
function wideSize(p: CachedLayerArguments): i32 {
  return max((p.heads + 2 * p.keyValueHeads) * p.headSize, 2 * p.innerSize)
}

/** Sums of a part of a product with more than D columns, [B, wide]. */
// @ts-ignore: decorator
@inline
function wideSums(p: CachedLayerArguments, part: i32): usize {
  return at(p.scratch, part * p.batch * wideSize(p))
}

/** Sums of a part of a product with D columns, [B, D]. */
// @ts-ignore: decorator
@inline
function narrowSums(p: CachedLayerArguments, part: i32): usize {
  return at(wideSums(p, PARTS), part * p.batch * p.size)
}

/** [B, N, K] */
// @ts-ignore: decorator
@inline
function queries(p: CachedLayerArguments): usize {
  return narrowSums(p, PARTS)
}

/** [B, N, K] */
// @ts-ignore: decorator
@inline
function contexts(p: CachedLayerArguments): usize {
  return at(queries(p), p.batch * p.heads * p.headSize)
}

/** [B, N, S] */
// @ts-ignore: decorator
@inline
function scores(p: CachedLayerArguments): usize {
  return at(contexts(p), p.batch * p.heads * p.headSize)
}

/** [B, F] */
// @ts-ignore: decorator
@inline
function innerRows(p: CachedLayerArguments): usize {
  return at(scores(p), p.batch * p.heads * (p.length + 1))
}

/** A thread's own copy of the residual stream, [B, D]. */
// @ts-ignore: decorator
@inline
function stream(p: CachedLayerArguments, thread: i32): usize {
  return at(innerRows(p), p.batch * (p.innerSize + 2 * thread * p.size))
}

/** A thread's own copy of what a sublayer reads, [B, D]. */
// @ts-ignore: decorator
@inline
function normed(p: CachedLayerArguments, thread: i32): usize {
  return at(stream(p, thread), p.batch * p.size)
}

/** First of the `rows` that belong to a part, a multiple of 4. */
// @ts-ignore: decorator
@inline
function firstRow(rows: i32, part: i32): i32 {
  return part == PARTS ? rows : (<i32>((<i64>rows * part) / PARTS)) & ~3
}

/** @entry */
export function cachedLayer(p: CachedLayerArguments): void {
  const weights = <i64>p.size * ((p.heads + p.keyValueHeads) * p.headSize + p.innerSize) * 2
  if (weights < ALONE) cachedLayerPart(p, 0, 1)
  else everyThread(CACHED_LAYER_PART, changetype<usize>(p))
  const last = p.innerWeight != 0
  const bias = last ? p.networkOutputBias : p.outputBias
  for (let b = 0; b < p.batch; b++) {
    const row = b * p.size
    const y = at(p.y, row)
    addParts(p.size, at(narrowSums(p, 0), row), p.batch * p.size, at(stream(p, 0), row), bias, y)
    if (p.normFirst == 0) normalizeLast(p, last, y)
  }
}

function normalizeLast(p: CachedLayerArguments, network: bool, y: usize): void {
  if (network) norm(p.size, y, p.networkNormWeight, p.networkNormBias, p.networkNormCentred, p.networkNormEpsilon, y)
  else norm(p.size, y, p.attentionNormWeight, p.attentionNormBias, p.attentionNormCentred, p.attentionNormEpsilon, y)
}

/** @job All of the layer but its last sum, which is in `narrowSums` and thread 0's `stream` afterwards. */
export function cachedLayerPart(p: CachedLayerArguments, thread: i32, threads: i32): void {
  const D = p.size
  const workers = min(threads, PARTS)
  const works = thread < workers
  const begin = works ? (PARTS * thread) / workers : PARTS
  const end = works ? (PARTS * (thread + 1)) / workers : PARTS
  if (works) memory.copy(stream(p, thread), p.x, <usize>(p.batch * D) << 2)
  if (p.queryWeight != 0) {
    if (works) {
      const input = attentionInput(p, thread)
      for (let part = begin; part < end; part++) projections(p, part, input)
    }
    barrier()
    if (works) attendHeads(p, thread, workers)
    barrier()
    const size = p.heads * p.headSize
    for (let part = begin; part < end; part++) {
      product(p.batch, D, size, part, contexts(p), size, p.outputWeight, narrowSums(p, part), D)
    }
    if (p.innerWeight == 0) return
    barrier()
    if (works) finishAttention(p, thread)
  }
  if (works) {
    const input = networkInput(p, thread)
    const wide = wideSize(p)
    for (let part = begin; part < end; part++) {
      const sums = wideSums(p, part)
      product(p.batch, p.innerSize, D, part, input, D, p.innerWeight, sums, wide)
      if (p.gateWeight != 0) product(p.batch, p.innerSize, D, part, input, D, p.gateWeight, at(sums, p.innerSize), wide)
    }
  }
  barrier()
  // A part of the inner vector is read by the same part of the product that follows, so that no thread waits for another.
  for (let part = begin; part < end; part++) {
    activatePart(p, part)
    product(p.batch, D, p.innerSize, part, innerRows(p), p.innerSize, p.networkOutputWeight, narrowSums(p, part), D)
  }
}

function attentionInput(p: CachedLayerArguments, thread: i32): usize {
  if (p.normFirst == 0) return stream(p, thread)
  const centred = p.attentionNormCentred
  return normRows(p, thread, p.attentionNormWeight, p.attentionNormBias, centred, p.attentionNormEpsilon)
}

function networkInput(p: CachedLayerArguments, thread: i32): usize {
  if (p.normFirst == 0) return stream(p, thread)
  return normRows(p, thread, p.networkNormWeight, p.networkNormBias, p.networkNormCentred, p.networkNormEpsilon)
}

function normRows(p: CachedLayerArguments, thread: i32, weight: usize, bias: usize, centred: i32, epsilon: f32): usize {
  const rows = normed(p, thread)
  for (let b = 0; b < p.batch; b++) {
    norm(p.size, at(stream(p, thread), b * p.size), weight, bias, centred, epsilon, at(rows, b * p.size))
  }
  return rows
}

/** x and y may be the same memory. */
function norm(n: i32, x: usize, weight: usize, bias: usize, centred: i32, epsilon: f32, y: usize): void {
  const mean = centred != 0 ? sum(x, n) / <f32>n : <f32>0
  const r = <f32>1 / sqrt<f32>(sumSquaresRow(x, n, mean) / <f32>n + epsilon)
  writeRow(n, x, mean, r, weight, bias, y)
}

/** Sums of a part of the rows of the weights of queries, keys and values, side by side. */
function projections(p: CachedLayerArguments, part: i32, input: usize): void {
  const wide = wideSize(p)
  const size = p.heads * p.headSize
  const shared = p.keyValueHeads * p.headSize
  const sums = wideSums(p, part)
  product(p.batch, size, p.size, part, input, p.size, p.queryWeight, sums, wide)
  product(p.batch, shared, p.size, part, input, p.size, p.keyWeight, at(sums, size), wide)
  product(p.batch, shared, p.size, part, input, p.size, p.valueWeight, at(sums, size + shared), wide)
}

/** A thread's share of the heads: each batch row and key-value head, with the queries that look at it, belongs to one thread. */
function attendHeads(p: CachedLayerArguments, thread: i32, workers: i32): void {
  const units = p.batch * p.keyValueHeads
  const end = (units * (thread + 1)) / workers
  for (let unit = (units * thread) / workers; unit < end; unit++) {
    attendHead(p, unit / p.keyValueHeads, unit % p.keyValueHeads)
  }
}

function attendHead(p: CachedLayerArguments, b: i32, g: i32): void {
  const K = p.headSize
  const N = p.heads
  const G = p.keyValueHeads
  const S = p.length + 1
  const wide = wideSize(p)
  const parts = p.batch * wide
  const sums = at(wideSums(p, 0), b * wide)
  const keys = at(p.keys, (b * G + g) * p.room * K)
  const values = at(p.values, (b * G + g) * p.room * K)
  const key = at(keys, p.length * K)
  addParts(K, at(sums, (N + g) * K), parts, 0, biasAt(p.keyBias, g * K), key)
  if (p.keyNormWeight != 0) norm(K, key, p.keyNormWeight, p.keyNormBias, p.keyNormCentred, p.keyNormEpsilon, key)
  rotate(p, key)
  addParts(K, at(sums, (N + G + g) * K), parts, 0, biasAt(p.valueBias, g * K), at(values, p.length * K))
  const end = (g + 1) * (N / G)
  for (let n = g * (N / G); n < end; n++) {
    const head = b * N + n
    const query = at(queries(p), head * K)
    addParts(K, at(sums, n * K), parts, 0, biasAt(p.queryBias, n * K), query)
    const weight = p.queryNormWeight
    if (weight != 0) norm(K, query, weight, p.queryNormBias, p.queryNormCentred, p.queryNormEpsilon, query)
    rotate(p, query)
    const row = at(scores(p), head * S)
    for (let s = 0; s < S; s++) {
      let score = p.scale * dotRow(query, at(keys, s * K), K)
      if (p.scoreBias != 0) score += f32.load(at(p.scoreBias, n * S + s))
      f32.store(at(row, s), score)
    }
    softmaxRow(row, row, S)
    weightedSum(S, K, row, values, at(contexts(p), head * K))
  }
}

/** Turns the pairs (i, i + R/2) of a query or key. */
function rotate(p: CachedLayerArguments, x: usize): void {
  const half = p.rotated / 2
  for (let i = 0; i < half; i++) {
    const cos = f32.load(at(p.cos, i))
    const sin = f32.load(at(p.sin, i))
    const first = f32.load(at(x, i))
    const second = f32.load(at(x, i + half))
    f32.store(at(x, i), first * cos - second * sin)
    f32.store(at(x, i + half), second * cos + first * sin)
  }
}

/** h = x + output, in the thread's own stream. */
function finishAttention(p: CachedLayerArguments, thread: i32): void {
  for (let b = 0; b < p.batch; b++) {
    const row = b * p.size
    const h = at(stream(p, thread), row)
    addParts(p.size, at(narrowSums(p, 0), row), p.batch * p.size, h, p.outputBias, h)
    if (p.normFirst == 0) normalizeLast(p, false, h)
  }
}

function activatePart(p: CachedLayerArguments, part: i32): void {
  const wide = wideSize(p)
  const F = p.innerSize
  const first = firstRow(F, part)
  const n = firstRow(F, part + 1) - first
  for (let b = 0; b < p.batch; b++) {
    const inner = at(innerRows(p), b * F + first)
    const sums = at(wideSums(p, 0), b * wide + first)
    addParts(n, sums, p.batch * wide, 0, biasAt(p.innerBias, first), inner)
    if (p.gateWeight == 0) activateRow(n, p.activation, inner, 0)
    else {
      // The first part's sums have no other reader from here on.
      const gate = at(sums, F)
      addParts(n, gate, p.batch * wide, 0, biasAt(p.gateBias, first), gate)
      activateRow(n, p.activation, gate, inner)
    }
  }
}

/** x = activation(x), or factor = activation(x)·factor where there is one. */
function activateRow(n: i32, activation: i32, x: usize, factor: usize): void {
  for (let j = 0; j < n; j += 4) {
    const y = activated(activation, loadLanes(at(x, j), n - j))
    if (factor == 0) storeLanes(at(x, j), y, n - j)
    else storeLanes(at(factor, j), f32x4.mul(y, loadLanes(at(factor, j), n - j)), n - j)
  }
}

function activated(activation: i32, x: v128): v128 {
  switch (activation) {
    case LayerActivation.RELU:
      return f32x4.pmax(x, f32x4.splat(0))
    case LayerActivation.TANH:
      return tanhF32x4(x)
    case LayerActivation.SIGMOID:
      return sigmoidF32x4(x)
    case LayerActivation.GELU:
      return geluF32x4(x)
    case LayerActivation.GELU_TANH:
      return f32x4.mul(x, sigmoidF32x4(tanhArgument(x)))
    case LayerActivation.SILU:
      return f32x4.mul(x, sigmoidF32x4(x))
    case LayerActivation.RELU_SQUARED: {
      const positive = f32x4.pmax(x, f32x4.splat(0))
      return f32x4.mul(positive, positive)
    }
    default:
      return x
  }
}

// @ts-ignore: decorator
@inline
function biasAt(bias: usize, index: i32): usize {
  return bias == 0 ? 0 : at(bias, index)
}

/** y = sum over the parts, which are `stride` floats apart, + bias + start; both may be missing. y may be the first part or start. */
function addParts(n: i32, parts: usize, stride: i32, start: usize, bias: usize, y: usize): void {
  for (let j = 0; j < n; j += 4) {
    const left = n - j
    let total = loadLanes(at(parts, j), left)
    for (let part = 1; part < PARTS; part++) total = f32x4.add(total, loadLanes(at(parts, part * stride + j), left))
    if (bias != 0) total = f32x4.add(total, loadLanes(at(bias, j), left))
    if (start != 0) total = f32x4.add(total, loadLanes(at(start, j), left))
    storeLanes(at(y, j), total, left)
  }
}

/** y[m, n] = x[m, rows of the part]·weight[rows of the part, n], where the weight has k rows in all. */
function product(
  m: i32,
  n: i32,
  k: i32,
  part: i32,
  x: usize,
  xRow: i32,
  weight: usize,
  y: usize,
  yRow: i32,
): void {
  const first = firstRow(k, part)
  const last = firstRow(k, part + 1)
  const columns = max(FEWEST_COLUMNS, COLUMNS / m)
  const pitch = <usize>n << 2
  for (let j = 0; j < n; j += columns) {
    const bytes = <usize>min(columns, n - j) << 2
    for (let r = 0; r < m; r++) memory.fill(at(y, r * yRow + j), 0, bytes)
    let row = at(weight, j) + <usize>first * pitch
    for (let i = first; i < last; i++) {
      for (let r = 0; r < m; r++) addScaled(bytes, f32.load(at(x, r * xRow + i)), row, at(y, r * yRow + j))
      row += pitch
    }
  }
}

/** y += x·row. All sums are made before the first is stored, so that the engine can join vectors in pairs. */
function addScaled(bytes: usize, x: f32, row: usize, y: usize): void {
  const factor = f32x4.splat(x)
  let j: usize = 0
  for (; j + 64 <= bytes; j += 64) {
    const y0 = madd(factor, v128.load(row + j), v128.load(y + j))
    const y1 = madd(factor, v128.load(row + j, 16), v128.load(y + j, 16))
    const y2 = madd(factor, v128.load(row + j, 32), v128.load(y + j, 32))
    const y3 = madd(factor, v128.load(row + j, 48), v128.load(y + j, 48))
    v128.store(y + j, y0)
    v128.store(y + j, y1, 16)
    v128.store(y + j, y2, 32)
    v128.store(y + j, y3, 48)
  }
  for (; j + 16 <= bytes; j += 16) v128.store(y + j, madd(factor, v128.load(row + j), v128.load(y + j)))
  for (; j < bytes; j += 4) v128.store32_lane(y + j, madd(factor, v128.load32_zero(row + j), v128.load32_zero(y + j)), 0)
}
