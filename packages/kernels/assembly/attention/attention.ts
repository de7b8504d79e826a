// Scaled dot-product attention, forward and backward, without the [T, S] matrix of weights in memory: a block of queries
// meets all keys at once, in scratch memory that stays in the cache, and the backward pass makes the weights again from
// what the forward pass keeps of each row, log Σ exp(score).
//
//   P = softmax(scale Q·Kᵀ), O = P·V
//   dV = Pᵀ·dO, dS = scale P (dO·Vᵀ - rowsum(dO O)), dQ = dS·K, dK = dSᵀ·Q
//
// A query that sees no key has output and gradient zero. One task is one head of one batch row (forward: one block of its
// queries), with all sums its own, so that results do not depend on the number of threads.
//
// Dao et al. 2022, "FlashAttention: fast and memory-efficient exact attention with IO-awareness"
//
// B batch, N heads, T queries, S keys, K size of a query and key, V size of a value

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
  queries: i32
  keys: i32
  keySize: i32
  valueSize: i32
  causal: i32
  scale: f32
  query: usize
  key: usize
  value: usize
  /** [B, S] bytes, 0 for a hidden key; or 0. */
  mask: usize = 0
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
}

/** Scores of a block, so that it fits the second-level cache. */
// @ts-ignore: decorator
@inline const BLOCK_SCORES: i32 = 49152

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 1 << 18

/** How many queries meet all keys at once. */
// @ts-ignore: decorator
@inline
function blockOfQueries(T: i32, S: i32): i32 {
  return min(T, max(12, min(96, BLOCK_SCORES / max(1, S))))
}

/** @entry Floats of scratch that a part needs: scores, the mask as numbers, sums; backward also the gradients of scores. */
export function attentionScratch(T: i32, S: i32, backward: bool): i32 {
  const rows = blockOfQueries(T, S)
  return rows * S * (backward ? 2 : 1) + S + rows
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
  const work = <i64>p.batch * p.heads * p.queries * p.keys * (p.keySize + p.valueSize)
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
  const rows = blockOfQueries(p.queries, p.keys)
  const blocks = (p.queries + rows - 1) / rows
  const tasks = p.batch * p.heads * blocks
  const scores = p.scratch + floats(begin * attentionScratch(p.queries, p.keys, false))
  const bias = scores + floats(rows * p.keys)
  const last = part(p, tasks, end)
  for (let task = part(p, tasks, begin); task < last; task++) {
    const head = task / blocks
    const first = (task % blocks) * rows
    maskToNumbers(p, head / p.heads, bias)
    attendBlock(p, head / p.heads, head % p.heads, first, min(rows, p.queries - first), scores, bias)
  }
}

/** 0 for the keys that a batch row shows, -infinity for those that it hides. */
function maskToNumbers(p: AttentionArguments, b: i32, bias: usize): void {
  if (p.mask == 0) return
  const mask = p.mask + <usize>(b * p.keys)
  for (let s = 0; s < p.keys; s++) {
    f32.store(bias + floats(s), load<u8>(mask + <usize>s) != 0 ? <f32>0 : -Infinity)
  }
}

/** How many keys query t may see before the mask. */
// @ts-ignore: decorator
@inline
function visibleKeys(p: AttentionArguments, t: i32): i32 {
  return p.causal != 0 ? max(0, min(p.keys, t + 1 + p.keys - p.queries)) : p.keys
}

function attendBlock(p: AttentionArguments, b: i32, h: i32, first: i32, rows: i32, scores: usize, bias: usize): void {
  const value = p.value + floats(b * p.valueBatch + h * p.valueHead)
  const out = p.out + floats(b * p.outBatch + h * p.outHead + first * p.outStep)
  const sums = bias + floats(p.keys)
  const S = visibleKeys(p, first + rows - 1)
  const V = p.valueSize
  rawScores(p, b, h, first, rows, S, scores)
  for (let i = 0; i < rows; i++) {
    const row = scores + floats(i * S)
    const n = visibleKeys(p, first + i)
    const largest = largestScore(row, n, p.mask == 0 ? 0 : bias)
    let sum: f32 = 0
    let logSum: f32 = -Infinity
    if (largest == -Infinity) memory.fill(row, 0, floats(n))
    else {
      sum = exponentials(row, row, n, p.scale, p.scale * largest)
      logSum = p.scale * largest + logF32(sum)
    }
    memory.fill(row + floats(n), 0, floats(S - n))
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

/** scores[rows, S] = Q·Kᵀ, not yet scaled. */
// @ts-ignore: decorator
@inline
function rawScores(p: AttentionArguments, b: i32, h: i32, first: i32, rows: i32, S: i32, scores: usize): void {
  const query = p.query + floats(b * p.queryBatch + h * p.queryHead + first * p.queryStep)
  const key = p.key + floats(b * p.keyBatch + h * p.keyHead)
  gemm(rows, S, p.keySize, query, p.queryStep, 1, key, 1, p.keyStep, scores, S, false, 0, 0, 0)
}

/** The largest of n scores, after those that the mask hides have become -infinity. */
function largestScore(x: usize, n: i32, bias: usize): f32 {
  if (n == 0) return -Infinity
  if (bias != 0) addScaledRow(x, bias, 1, n)
  return extreme(x, n, Reduction.MAX)
}

/** @job Parts of the tasks (batch row, head). */
export function attentionGradientTasks(p: AttentionArguments, begin: i32, end: i32): void {
  const rows = blockOfQueries(p.queries, p.keys)
  const tasks = p.batch * p.heads
  const weights = p.scratch + floats(begin * attentionScratch(p.queries, p.keys, true))
  const gradients = weights + floats(rows * p.keys)
  const bias = gradients + floats(rows * p.keys)
  const last = part(p, tasks, end)
  for (let task = part(p, tasks, begin); task < last; task++) {
    const b = task / p.heads
    const h = task % p.heads
    maskToNumbers(p, b, bias)
    clearSteps(p.dKey + floats(b * p.keyBatch + h * p.keyHead), p.keys, p.keyStep, p.keySize)
    clearSteps(p.dValue + floats(b * p.valueBatch + h * p.valueHead), p.keys, p.valueStep, p.valueSize)
    for (let first = 0; first < p.queries; first += rows) {
      blockGradient(p, b, h, first, min(rows, p.queries - first), weights, gradients, bias)
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
  const queryAt = floats(b * p.queryBatch + h * p.queryHead + first * p.queryStep)
  const keyAt = floats(b * p.keyBatch + h * p.keyHead)
  const valueAt = floats(b * p.valueBatch + h * p.valueHead)
  const outAt = floats(b * p.outBatch + h * p.outHead + first * p.outStep)
  const logSums = p.logSums + floats((b * p.heads + h) * p.queries + first)
  const dOut = p.dOut + outAt
  const S = visibleKeys(p, first + rows - 1)
  const K = p.keySize
  const V = p.valueSize
  rawScores(p, b, h, first, rows, S, weights)
  gemm(rows, S, V, dOut, p.outStep, 1, p.value + valueAt, 1, p.valueStep, gradients, S, false, 0, 0, 0)
  for (let i = 0; i < rows; i++) {
    const n = visibleKeys(p, first + i)
    const row = weights + floats(i * S)
    const dRow = gradients + floats(i * S)
    const step = floats(i * p.outStep)
    const mean = dotRow(dOut + step, p.out + outAt + step, V)
    rowGradient(row, dRow, n, p.scale, f32.load(logSums + floats(i)), mean, p.mask == 0 ? 0 : bias)
    memory.fill(row + floats(n), 0, floats(S - n))
    memory.fill(dRow + floats(n), 0, floats(S - n))
  }
  gemm(S, V, rows, weights, 1, S, dOut, p.outStep, 1, p.dValue + valueAt, p.valueStep, true, 0, 0, 0)
  gemm(rows, K, S, gradients, S, 1, p.key + keyAt, p.keyStep, 1, p.dQuery + queryAt, p.queryStep, false, 0, 0, 0)
  gemm(S, K, rows, gradients, 1, S, p.query + queryAt, p.queryStep, 1, p.dKey + keyAt, p.keyStep, true, 0, 0, 0)
}

/** Scores become weights again, gradients of weights those of scores. */
function rowGradient(x: usize, d: usize, n: i32, scale: f32, logSum: f32, mean: f32, bias: usize): void {
  if (logSum == -Infinity) {
    memory.fill(x, 0, floats(n))
    memory.fill(d, 0, floats(n))
    return
  }
  if (bias != 0) addScaledRow(x, bias, 1, n)
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
