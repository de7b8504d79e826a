// Scaled dot-product attention, forward and backward, without the [T, S] matrix of weights in memory: a block of queries
// meets all keys at once, in scratch memory that stays in the cache, and the backward pass makes the weights again from
// what the forward pass keeps of each row, log Σ exp(score).
//
//   P = softmax(scale Q·Kᵀ + D), O = P·V
//   dV = Pᵀ·dO, dD = P (dO·Vᵀ - rowsum(dO O)), dQ = scale dD·K, dK = scale dDᵀ·Q
//
// D depends on the distance of query and key alone: a row of numbers for each head, of which query t reads those from
// T - 1 - t on. With a window a block of queries meets the keys that one of them sees, and no others.
//
// A query that sees no key has output and gradient zero. N / G query heads in a row share a head of keys and values. One
// task is one such group of one batch row (forward: one block of queries of one head), with all sums its own, so that
// results do not depend on the number of threads.
//
// Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness"
//
// B batch, N heads, G heads of keys and values, T queries, S keys, K size of a query and key, V size of a value

import { ATTENTION_GRADIENT_TASKS, ATTENTION_TASKS } from '../generated/job-ids'
import { at } from '../memory/address'
import { exponentials, scaleRow } from '../math/exponentials'
import { gemm } from '../gemm/gemm'
import { loadLanes, storeLanes } from '../memory/lanes'
import { logF32 } from '../math/log'
import { expF32x4 } from '../math/math'
import { extreme, Reduction } from '../reductions/reduce'
import { addScaledRow, dotRow } from '../math/row-math'
import { madd } from '../math/simd'
import { parallelFor, threadCount } from '../threads/threads'

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

/** How many queries meet their keys at once. */
// @ts-ignore: decorator
@inline
function blockOfQueries(T: i32, S: i32, window: i32): i32 {
  const keys = window == 0 ? S : min(S, window + MOST_ROWS)
  return min(T, max(12, min(MOST_ROWS, BLOCK_SCORES / max(1, keys))))
}

/** The most keys that a block meets. */
// @ts-ignore: decorator
@inline
function keysOfBlock(rows: i32, S: i32, window: i32): i32 {
  return window == 0 ? S : min(S, window + rows - 1)
}

/** @entry Floats of scratch that a part needs: scores, the mask as numbers, sums; backward also the gradients of scores. */
export function attentionScratch(T: i32, S: i32, window: i32, backward: bool): i32 {
  const rows = blockOfQueries(T, S, window)
  return rows * keysOfBlock(rows, S, window) * (backward ? 2 : 1) + S + rows
}

/** @entry How many scores a head computes, hidden ones in its blocks included. */
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

/** @entry In how many parts the work is cut, for scratch to be made for each. */
export function attentionParts(tasks: i32): i32 {
  return max(1, min(tasks, threadCount == 1 ? 1 : 4 * threadCount))
}

// @ts-ignore: decorator
@inline
function part(p: AttentionArguments, tasks: i32, index: i32): i32 {
  return <i32>((<i64>tasks * index) / p.parts)
}

// @ts-ignore: decorator
@inline
function grain(p: AttentionArguments): i32 {
  const keys = p.window == 0 ? p.keys : min(p.keys, p.window)
  const work = <i64>p.batch * p.heads * p.queries * keys * (p.keySize + p.valueSize)
  return work < WORTH_SPLITTING ? p.parts : 1
}

// @ts-ignore: decorator
@inline
function floats(count: i32): usize {
  return <usize>count << 2
}

/** @entry */
export function attention(p: AttentionArguments): void {
  parallelFor(ATTENTION_TASKS, changetype<usize>(p), p.parts, grain(p))
}

/** @entry */
export function attentionGradient(p: AttentionArguments): void {
  parallelFor(ATTENTION_GRADIENT_TASKS, changetype<usize>(p), p.parts, grain(p))
}

/** @job Parts of the tasks (batch row, head, block of queries). */
export function attentionTasks(p: AttentionArguments, begin: i32, end: i32): void {
  const rows = blockOfQueries(p.queries, p.keys, p.window)
  const blocks = (p.queries + rows - 1) / rows
  const tasks = p.batch * p.heads * blocks
  const scores = p.scratch + floats(begin * attentionScratch(p.queries, p.keys, p.window, false))
  const bias = scores + floats(rows * keysOfBlock(rows, p.keys, p.window))
  const last = part(p, tasks, end)
  for (let task = part(p, tasks, begin); task < last; task++) {
    const head = task / blocks
    const first = (task % blocks) * rows
    attendBlock(p, head / p.heads, head % p.heads, first, min(rows, p.queries - first), scores, bias)
  }
}

/** 0 for the keys from `begin` to `end` that a batch row shows, -infinity for those that it hides. */
function maskToNumbers(p: AttentionArguments, b: i32, begin: i32, end: i32, bias: usize): void {
  if (p.mask == 0) return
  const mask = p.mask + <usize>(b * p.keys)
  for (let s = begin; s < end; s++) {
    f32.store(bias + floats(s), load<u8>(mask + <usize>s) != 0 ? <f32>0 : -Infinity)
  }
}

/** Where the keys end that query t may see before the mask. */
// @ts-ignore: decorator
@inline
function endOfKeys(p: AttentionArguments, t: i32): i32 {
  return p.causal != 0 ? max(0, min(p.keys, t + 1 + p.keys - p.queries)) : p.keys
}

/** Where they begin. */
// @ts-ignore: decorator
@inline
function firstKeyOf(t: i32, T: i32, S: i32, window: i32): i32 {
  return window == 0 ? 0 : max(0, min(S, t + 1 + S - T - window))
}

// @ts-ignore: decorator
@inline
function firstKey(p: AttentionArguments, t: i32): i32 {
  return firstKeyOf(t, p.queries, p.keys, p.window)
}

function attendBlock(p: AttentionArguments, b: i32, h: i32, first: i32, rows: i32, scores: usize, bias: usize): void {
  const begin = firstKey(p, first)
  const S = endOfKeys(p, first + rows - 1) - begin
  const value = p.value + floats(b * p.valueBatch + (h / p.group) * p.valueHead + begin * p.valueStep)
  const out = p.out + floats(b * p.outBatch + h * p.outHead + first * p.outStep)
  const sums = bias + floats(p.keys)
  const V = p.valueSize
  maskToNumbers(p, b, begin, begin + S, bias)
  rawScores(p, b, h, first, rows, begin, S, scores)
  for (let i = 0; i < rows; i++) {
    const row = scores + floats(i * S)
    const from = firstKey(p, first + i) - begin
    const n = endOfKeys(p, first + i) - begin - from
    const visible = row + floats(from)
    if (p.mask != 0) addScaledRow(visible, bias + floats(begin + from), 1, n)
    const scale = addDistances(p, h, first + i, begin + from, n, visible)
    const largest: f32 = n == 0 ? <f32>-Infinity : extreme(visible, n, Reduction.MAX)
    let sum: f32 = 0
    let logSum: f32 = -Infinity
    if (largest == -Infinity) memory.fill(visible, 0, floats(n))
    else {
      sum = exponentials(visible, visible, n, scale, scale * largest)
      logSum = scale * largest + logF32(sum)
    }
    clearHidden(row, from, n, S)
    f32.store(sums + floats(i), sum)
    if (p.logSums != 0) f32.store(p.logSums + floats((b * p.heads + h) * p.queries + first + i), logSum)
  }
  // Rows of V numbers are shorter to divide than rows of S.
  gemm(rows, V, S, scores, S, 1, value, p.valueStep, 1, out, p.outStep, false, 0, 0, 0)
  for (let i = 0; i < rows; i++) {
    const sum = f32.load(sums + floats(i))
    if (sum != 0) scaleRow(out + floats(i * p.outStep), V, <f32>1 / sum)
  }
}

/** scores[rows, S] = Q·Kᵀ for the S keys from `begin` on, not yet scaled. */
// @ts-ignore: decorator
@inline
function rawScores(p: AttentionArguments, b: i32, h: i32, first: i32, rows: i32, begin: i32, S: i32, scores: usize): void {
  const query = p.query + floats(b * p.queryBatch + h * p.queryHead + first * p.queryStep)
  const key = p.key + floats(b * p.keyBatch + (h / p.group) * p.keyHead + begin * p.keyStep)
  gemm(rows, S, p.keySize, query, p.queryStep, 1, key, 1, p.keyStep, scores, S, false, 0, 0, 0)
}

/** Zeros before and behind the n keys from `from` on. */
// @ts-ignore: decorator
@inline
function clearHidden(row: usize, from: i32, n: i32, S: i32): void {
  memory.fill(row, 0, floats(from))
  memory.fill(row + floats(from + n), 0, floats(S - from - n))
}

/** Where D of query t and key s lies, from the start of a row of distances. */
// @ts-ignore: decorator
@inline
function distanceOf(p: AttentionArguments, h: i32, t: i32, s: i32): usize {
  return floats(h * (p.queries + p.keys - 1) + p.queries - 1 + s - t)
}

/** Scales n scores of query t and adds D, where there is one; returns the scale that they still need. */
function addDistances(p: AttentionArguments, h: i32, t: i32, s: i32, n: i32, x: usize): f32 {
  if (p.distances == 0) return p.scale
  const d = p.distances + distanceOf(p, h, t, s)
  const factor = f32x4.splat(p.scale)
  for (let j = 0; j < n; j += 4) {
    storeLanes(at(x, j), madd(loadLanes(at(x, j), n - j), factor, loadLanes(at(d, j), n - j)), n - j)
  }
  return 1
}

/** @job Parts of the tasks (batch row, head of keys and values). */
export function attentionGradientTasks(p: AttentionArguments, begin: i32, end: i32): void {
  const rows = blockOfQueries(p.queries, p.keys, p.window)
  const keyHeads = p.heads / p.group
  const tasks = p.batch * keyHeads
  const weights = p.scratch + floats(begin * attentionScratch(p.queries, p.keys, p.window, true))
  const gradients = weights + floats(rows * keysOfBlock(rows, p.keys, p.window))
  const bias = gradients + floats(rows * keysOfBlock(rows, p.keys, p.window))
  const last = part(p, tasks, end)
  for (let task = part(p, tasks, begin); task < last; task++) {
    const b = task / keyHeads
    const g = task % keyHeads
    maskToNumbers(p, b, 0, p.keys, bias)
    clearSteps(p.dKey + floats(b * p.keyBatch + g * p.keyHead), p.keys, p.keyStep, p.keySize)
    clearSteps(p.dValue + floats(b * p.valueBatch + g * p.valueHead), p.keys, p.valueStep, p.valueSize)
    for (let h = g * p.group; h < (g + 1) * p.group; h++) {
      const distances = p.queries + p.keys - 1
      if (p.dDistances != 0) memory.fill(p.dDistances + floats((b * p.heads + h) * distances), 0, floats(distances))
      for (let first = 0; first < p.queries; first += rows) {
        blockGradient(p, b, h, first, min(rows, p.queries - first), weights, gradients, bias)
      }
    }
  }
}

function clearSteps(x: usize, steps: i32, stride: i32, size: i32): void {
  for (let s = 0; s < steps; s++) memory.fill(x + floats(s * stride), 0, floats(size))
}

function blockGradient(
  p: AttentionArguments,
  b: i32,
  h: i32,
  first: i32,
  rows: i32,
  weights: usize,
  gradients: usize,
  bias: usize,
): void {
  const begin = firstKey(p, first)
  const S = endOfKeys(p, first + rows - 1) - begin
  const queryAt = floats(b * p.queryBatch + h * p.queryHead + first * p.queryStep)
  const keyAt = floats(b * p.keyBatch + (h / p.group) * p.keyHead + begin * p.keyStep)
  const valueAt = floats(b * p.valueBatch + (h / p.group) * p.valueHead + begin * p.valueStep)
  const outAt = floats(b * p.outBatch + h * p.outHead + first * p.outStep)
  const logSums = p.logSums + floats((b * p.heads + h) * p.queries + first)
  const dOut = p.dOut + outAt
  const K = p.keySize
  const V = p.valueSize
  rawScores(p, b, h, first, rows, begin, S, weights)
  gemm(rows, S, V, dOut, p.outStep, 1, p.value + valueAt, 1, p.valueStep, gradients, S, false, 0, 0, 0)
  for (let i = 0; i < rows; i++) {
    const from = firstKey(p, first + i) - begin
    const n = endOfKeys(p, first + i) - begin - from
    const row = weights + floats(i * S + from)
    const dRow = gradients + floats(i * S + from)
    const step = floats(i * p.outStep)
    const mean = dotRow(dOut + step, p.out + outAt + step, V)
    if (p.mask != 0) addScaledRow(row, bias + floats(begin + from), 1, n)
    const scale = addDistances(p, h, first + i, begin + from, n, row)
    rowGradient(row, dRow, n, scale, f32.load(logSums + floats(i)), mean)
    if (p.distances != 0) {
      const d = p.dDistances + floats(b * p.heads * (p.queries + p.keys - 1))
      if (p.dDistances != 0) addScaledRow(d + distanceOf(p, h, first + i, begin + from), dRow, 1, n)
      scaleRow(dRow, n, p.scale)
    }
    clearHidden(weights + floats(i * S), from, n, S)
    clearHidden(gradients + floats(i * S), from, n, S)
  }
  gemm(S, V, rows, weights, 1, S, dOut, p.outStep, 1, p.dValue + valueAt, p.valueStep, true, 0, 0, 0)
  gemm(rows, K, S, gradients, S, 1, p.key + keyAt, p.keyStep, 1, p.dQuery + queryAt, p.queryStep, false, 0, 0, 0)
  gemm(S, K, rows, gradients, 1, S, p.query + queryAt, p.queryStep, 1, p.dKey + keyAt, p.keyStep, true, 0, 0, 0)
}

/** Scores become weights again, gradients of weights those of scores. */
function rowGradient(x: usize, d: usize, n: i32, scale: f32, logSum: f32, mean: f32): void {
  if (logSum == -Infinity) {
    memory.fill(x, 0, floats(n))
    memory.fill(d, 0, floats(n))
    return
  }
  const factor = f32x4.splat(scale)
  const shift = f32x4.splat(-logSum)
  const m = f32x4.splat(mean)
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const weight0 = expF32x4(madd(v128.load(at(x, j)), factor, shift))
    const weight1 = expF32x4(madd(v128.load(at(x, j), 16), factor, shift))
    const d0 = f32x4.mul(f32x4.mul(weight0, factor), f32x4.sub(v128.load(at(d, j)), m))
    const d1 = f32x4.mul(f32x4.mul(weight1, factor), f32x4.sub(v128.load(at(d, j), 16), m))
    v128.store(at(x, j), weight0)
    v128.store(at(x, j), weight1, 16)
    v128.store(at(d, j), d0)
    v128.store(at(d, j), d1, 16)
  }
  for (; j < n; j += 4) {
    const left = n - j
    const weight = expF32x4(madd(loadLanes(at(x, j), left), factor, shift))
    storeLanes(at(x, j), weight, left)
    storeLanes(at(d, j), f32x4.mul(f32x4.mul(weight, factor), f32x4.sub(loadLanes(at(d, j), left), m)), left)
  }
}
