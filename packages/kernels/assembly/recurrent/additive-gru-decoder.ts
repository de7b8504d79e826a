// The whole time loop of a GRU decoder that attends with an additive score before each step:
//
//   q_t = h_{t-1}·W_q, weights_t = softmax_s(v·tanh(q_t + key_s) + bias_s), context_t = Σ_s weights_{t,s} memory_s,
//   h_t = GRU([x_t, context_t], h_{t-1})
//
// A workspace row is a GRU's, followed by q. The backward pass writes the gradients of the gates and of q over them.
//
// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

import { at } from '../address'
import * as k from '../constants'
import { constant } from '../constants'
import { gemmPacked, packB } from '../gemm/gemm'
import { loadLanes, storeLanes } from '../lanes'
import { tanhF32x4 } from '../math'
import {
  JOB_DECODER_BACKWARD,
  JOB_DECODER_FORWARD,
  JOB_DECODER_WEIGHTS,
  JOB_RECURRENT_DX,
  JOB_RECURRENT_PROJECT,
} from '../op-job-ids'
import { addScaledRow, dotRow } from '../row-math'
import { madd, nmadd } from '../simd'
import { softmaxRow } from '../softmax'
import { parallelFor } from '../threads'
import { RecurrentArguments, stateRow, workRow } from './arguments'
import { gruAdvance, gruRetreat } from './gru'
import { addBiases, batchRowsPerPart, packRecurrentWeight, partsOfWork, projectionParts } from './sequence'
import { addRow, inputColumns, stateColumns, weightColumns } from './weight-gradients'

// Filled by src/ops/additive-gru-decoder.ts. In the base, I is E, and inputWeight has the rows of the context after those of x.
@unmanaged
class DecoderArguments extends RecurrentArguments {
  sourceTime: i32
  memorySize: i32
  attentionSize: i32
  /** [B, S, M] */
  memory: usize
  /** [B, S, A] */
  keys: usize
  /** [B, S] or 0 */
  bias: usize
  /** [H, A] */
  queryWeight: usize
  /** [A] */
  scoreWeight: usize
  /** [B, T, M] */
  contexts: usize
  /** [B, T, S] */
  weights: usize
  /** Forward: packed W_q and the context's part of W_i; backward: their packed transposes. */
  packedQuery: usize
  packedContext: usize
  /** [B, A], forward: what the score weights meet. */
  squashed: usize
  // Backward only.
  dContexts: usize
  dWeights: usize
  dMemory: usize
  dKeys: usize
  /** [B, S] or 0 */
  dBias: usize
  dQueryWeight: usize
  dScoreWeight: usize
  /** [B, M], [B, S] and [B, A]: gradients of one step's context and scores, and of v by batch row. */
  dContext: usize
  dScores: usize
  dScoreRows: usize
}

/** Batch rows of a part: few, so that the memory and keys of them stay in the cache from step to step. */
// @ts-ignore: decorator
@inline const ROWS: i32 = 12

/** The row of batch row b, time t in a [B, T, n] tensor. */
// @ts-ignore: decorator
@inline
function timeRow(p: DecoderArguments, tensor: usize, b: i32, t: i32, n: i32): usize {
  return tensor + ((<usize>(b * p.time + t) * <usize>n) << 2)
}

/** The row of batch row b, source step s in a [B, S, n] tensor. */
// @ts-ignore: decorator
@inline
function sourceRow(p: DecoderArguments, tensor: usize, b: i32, s: i32, n: i32): usize {
  return tensor + ((<usize>(b * p.sourceTime + s) * <usize>n) << 2)
}

// @ts-ignore: decorator
@inline
function queryRow(p: DecoderArguments, b: i32, t: i32): usize {
  return workRow(p, b, t) + (<usize>(4 * p.hiddenSize) << 2)
}

// @ts-ignore: decorator
@inline
function contextWeight(p: DecoderArguments, inputWeight: usize): usize {
  return inputWeight + (<usize>(p.inputSize * 3 * p.hiddenSize) << 2)
}

export function decoderForward(address: usize): void {
  const p = changetype<DecoderArguments>(address)
  const H = p.hiddenSize
  const A = p.attentionSize
  addBiases(p, 3 * H)
  packRecurrentWeight(p, false)
  packB(H, A, p.queryWeight, A, 1, p.packedQuery)
  packB(p.memorySize, 3 * H, contextWeight(p, p.inputWeight), 3 * H, 1, p.packedContext)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(JOB_RECURRENT_PROJECT, address, p.projectionParts, 1)
  parallelFor(JOB_DECODER_FORWARD, address, (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
}

/** Job: parts of the batch through all steps. */
export function decoderRows(address: usize, part: i32, endPart: i32): void {
  const p = changetype<DecoderArguments>(address)
  const begin = part * p.rowsPerPart
  const end = min(p.batch, endPart * p.rowsPerPart)
  const rows = end - begin
  const H = p.hiddenSize
  const A = p.attentionSize
  const M = p.memorySize
  const rowStride = p.time * p.pitch
  for (let t = 0; t < p.time; t++) {
    const h = stateRow(p, p.h, begin)
    gemmPacked(rows, A, H, h, H, 1, p.packedQuery, queryRow(p, begin, t), rowStride, false, 0, 0, 0)
    for (let b = begin; b < end; b++) attend(p, b, t)
    const context = timeRow(p, p.contexts, begin, t, M)
    const work = workRow(p, begin, t)
    gemmPacked(rows, 3 * H, M, context, p.time * M, 1, p.packedContext, work, rowStride, true, 0, 0, 0)
    gruAdvance(p, t, begin, end)
  }
}

/** One batch row's weights and context at time t. */
function attend(p: DecoderArguments, b: i32, t: i32): void {
  const S = p.sourceTime
  const A = p.attentionSize
  const weights = timeRow(p, p.weights, b, t, S)
  const query = queryRow(p, b, t)
  const squashed = at(p.squashed, b * A)
  for (let s = 0; s < S; s++) {
    tanhOfSum(A, query, sourceRow(p, p.keys, b, s, A), squashed)
    let score = dotRow(squashed, p.scoreWeight, A)
    if (p.bias != 0) score += f32.load(sourceRow(p, p.bias, b, s, 1))
    f32.store(weights + (<usize>s << 2), score)
  }
  if (S > 0) softmaxRow(weights, weights, S)
  const M = p.memorySize
  weightedSum(S, M, weights, sourceRow(p, p.memory, b, 0, M), timeRow(p, p.contexts, b, t, M))
}

/** y = tanh(a + b) over n floats: stores side by side let the engine work at twice the width, a sum would not. */
function tanhOfSum(n: i32, a: usize, b: usize, y: usize): void {
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const y0 = tanhF32x4(f32x4.add(v128.load(at(a, j)), v128.load(at(b, j))))
    const y1 = tanhF32x4(f32x4.add(v128.load(at(a, j), 16), v128.load(at(b, j), 16)))
    v128.store(at(y, j), y0)
    v128.store(at(y, j), y1, 16)
  }
  for (; j < n; j += 4) {
    storeLanes(at(y, j), tanhF32x4(f32x4.add(loadLanes(at(a, j), n - j), loadLanes(at(b, j), n - j))), n - j)
  }
}

/** out[M] = Σ_s weights[s] rows[s, M] */
function weightedSum(S: i32, M: i32, weights: usize, rows: usize, out: usize): void {
  const pitch = <usize>M << 2
  let j = 0
  for (; j + 16 <= M; j += 16) {
    let sum0 = f32x4.splat(0)
    let sum1 = sum0
    let sum2 = sum0
    let sum3 = sum0
    let row = at(rows, j)
    for (let s = 0; s < S; s++) {
      const weight = v128.load32_splat(at(weights, s))
      sum0 = madd(weight, v128.load(row), sum0)
      sum1 = madd(weight, v128.load(row, 16), sum1)
      sum2 = madd(weight, v128.load(row, 32), sum2)
      sum3 = madd(weight, v128.load(row, 48), sum3)
      row += pitch
    }
    v128.store(at(out, j), sum0)
    v128.store(at(out, j), sum1, 16)
    v128.store(at(out, j), sum2, 32)
    v128.store(at(out, j), sum3, 48)
  }
  for (; j < M; j += 4) {
    const n = M - j
    let sum = f32x4.splat(0)
    let row = at(rows, j)
    for (let s = 0; s < S; s++) {
      sum = madd(v128.load32_splat(at(weights, s)), loadLanes(row, n), sum)
      row += pitch
    }
    storeLanes(at(out, j), sum, n)
  }
}

/** All gradients; h turns into that of h0. */
export function decoderBackward(address: usize): void {
  const p = changetype<DecoderArguments>(address)
  const B = p.batch
  const H = p.hiddenSize
  const A = p.attentionSize
  packRecurrentWeight(p, true)
  packB(A, H, p.queryWeight, 1, A, p.packedQuery)
  packB(3 * H, p.memorySize, contextWeight(p, p.inputWeight), 1, 3 * H, p.packedContext)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  parallelFor(JOB_DECODER_BACKWARD, address, (B + p.rowsPerPart - 1) / p.rowsPerPart, 1)
  const columns = 3 * H + A
  p.columnsPerPart = (((columns + parts - 1) / parts) + 15) & ~15
  parallelFor(JOB_DECODER_WEIGHTS, address, (columns + p.columnsPerPart - 1) / p.columnsPerPart, 1)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(JOB_RECURRENT_DX, address, p.projectionParts, 1)
  memory.fill(p.dScoreWeight, 0, <usize>A << 2)
  for (let b = 0; b < B; b++) addRow(A, p.dScoreRows + (<usize>(b * A) << 2), p.dScoreWeight)
}

/** Job: parts of the batch back through all steps. */
export function decoderRowsBack(address: usize, part: i32, endPart: i32): void {
  const p = changetype<DecoderArguments>(address)
  const begin = part * p.rowsPerPart
  const end = min(p.batch, endPart * p.rowsPerPart)
  const rows = end - begin
  const H = p.hiddenSize
  const A = p.attentionSize
  const M = p.memorySize
  const S = p.sourceTime
  const rowStride = p.time * p.pitch
  clearRows(p.dMemory, S * M, begin, end)
  clearRows(p.dKeys, S * A, begin, end)
  clearRows(p.dScoreRows, A, begin, end)
  if (p.dBias != 0) clearRows(p.dBias, S, begin, end)
  const dContext = p.dContext + (<usize>(begin * M) << 2)
  const dh = stateRow(p, p.h, begin)
  for (let t = p.time - 1; t >= 0; t--) {
    gruRetreat(p, t, begin, end)
    for (let b = begin; b < end; b++) {
      memory.copy(p.dContext + (<usize>(b * M) << 2), timeRow(p, p.dContexts, b, t, M), <usize>M << 2)
    }
    const work = workRow(p, begin, t)
    gemmPacked(rows, M, 3 * H, work, rowStride, 1, p.packedContext, dContext, M, true, 0, 0, 0)
    for (let b = begin; b < end; b++) attendBack(p, b, t)
    gemmPacked(rows, H, A, queryRow(p, begin, t), rowStride, 1, p.packedQuery, dh, H, true, 0, 0, 0)
  }
}

function clearRows(tensor: usize, size: i32, begin: i32, end: i32): void {
  memory.fill(tensor + (<usize>(begin * size) << 2), 0, <usize>((end - begin) * size) << 2)
}

/** One batch row at time t: from the context's gradient to those of memory, keys, v and, over q, of the query. */
function attendBack(p: DecoderArguments, b: i32, t: i32): void {
  const S = p.sourceTime
  const M = p.memorySize
  const A = p.attentionSize
  const weights = timeRow(p, p.weights, b, t, S)
  const dWeights = timeRow(p, p.dWeights, b, t, S)
  const dContext = p.dContext + (<usize>(b * M) << 2)
  const dScores = p.dScores + (<usize>(b * S) << 2)
  let mean: f32 = 0
  for (let s = 0; s < S; s++) {
    const offset = <usize>s << 2
    const weight = f32.load(weights + offset)
    const d = f32.load(dWeights + offset) + dotRow(dContext, sourceRow(p, p.memory, b, s, M), M)
    addScaledRow(sourceRow(p, p.dMemory, b, s, M), dContext, weight, M)
    f32.store(dScores + offset, d)
    mean += weight * d
  }
  for (let s = 0; s < S; s++) {
    const offset = <usize>s << 2
    const d = f32.load(weights + offset) * (f32.load(dScores + offset) - mean)
    f32.store(dScores + offset, d)
    if (p.dBias != 0) {
      const bias = sourceRow(p, p.dBias, b, s, 1)
      f32.store(bias, f32.load(bias) + d)
    }
  }
  const keys = sourceRow(p, p.keys, b, 0, A)
  const dKeys = sourceRow(p, p.dKeys, b, 0, A)
  const dV = p.dScoreRows + (<usize>(b * A) << 2)
  scoresBack(S, A, dScores, queryRow(p, b, t), keys, p.scoreWeight, dKeys, dV)
}

/** dq over `query`; dKeys and dV are added to. */
function scoresBack(
  S: i32,
  A: i32,
  dScores: usize,
  query: usize,
  keys: usize,
  v: usize,
  dKeys: usize,
  dV: usize,
): void {
  const pitch = <usize>A << 2
  const one = constant(k.ONE)
  let j = 0
  for (; j + 8 <= A; j += 8) {
    const q0 = v128.load(at(query, j))
    const q1 = v128.load(at(query, j), 16)
    const scale0 = v128.load(at(v, j))
    const scale1 = v128.load(at(v, j), 16)
    let dQuery0 = f32x4.splat(0)
    let dQuery1 = f32x4.splat(0)
    let dScale0 = v128.load(at(dV, j))
    let dScale1 = v128.load(at(dV, j), 16)
    let key = at(keys, j)
    let dKey = at(dKeys, j)
    for (let s = 0; s < S; s++) {
      const d = v128.load32_splat(at(dScores, s))
      const u0 = tanhF32x4(f32x4.add(q0, v128.load(key)))
      const u1 = tanhF32x4(f32x4.add(q1, v128.load(key, 16)))
      const inner0 = f32x4.mul(f32x4.mul(d, scale0), nmadd(u0, u0, one))
      const inner1 = f32x4.mul(f32x4.mul(d, scale1), nmadd(u1, u1, one))
      const dKey0 = f32x4.add(v128.load(dKey), inner0)
      const dKey1 = f32x4.add(v128.load(dKey, 16), inner1)
      v128.store(dKey, dKey0)
      v128.store(dKey, dKey1, 16)
      dScale0 = madd(d, u0, dScale0)
      dScale1 = madd(d, u1, dScale1)
      dQuery0 = f32x4.add(dQuery0, inner0)
      dQuery1 = f32x4.add(dQuery1, inner1)
      key += pitch
      dKey += pitch
    }
    v128.store(at(query, j), dQuery0)
    v128.store(at(query, j), dQuery1, 16)
    v128.store(at(dV, j), dScale0)
    v128.store(at(dV, j), dScale1, 16)
  }
  for (; j < A; j += 4) {
    const n = A - j
    const q = loadLanes(at(query, j), n)
    const scale = loadLanes(at(v, j), n)
    let dQuery = f32x4.splat(0)
    let dScale = loadLanes(at(dV, j), n)
    let key = at(keys, j)
    let dKey = at(dKeys, j)
    for (let s = 0; s < S; s++) {
      const d = v128.load32_splat(at(dScores, s))
      const u = tanhF32x4(f32x4.add(q, loadLanes(key, n)))
      dScale = madd(d, u, dScale)
      const inner = f32x4.mul(f32x4.mul(d, scale), nmadd(u, u, one))
      dQuery = f32x4.add(dQuery, inner)
      storeLanes(dKey, f32x4.add(loadLanes(dKey, n), inner), n)
      key += pitch
      dKey += pitch
    }
    storeLanes(at(query, j), dQuery, n)
    storeLanes(at(dV, j), dScale, n)
  }
}

/** Job: columns of the weight gradients, first those of the gates, then those of W_q. */
export function decoderWeightColumns(address: usize, begin: i32, end: i32): void {
  const p = changetype<DecoderArguments>(address)
  const A = p.attentionSize
  const gates = 3 * p.hiddenSize
  const first = begin * p.columnsPerPart
  const last = min(gates + A, end * p.columnsPerPart)
  const stop = min(gates, last)
  if (first < stop) {
    const offset = <usize>first << 2
    weightColumns(p, first, stop, gates + A)
    const target = contextWeight(p, p.dInputWeight) + offset
    inputColumns(p, stop - first, p.work + offset, p.contexts, p.memorySize, target)
  }
  const from = max(first, gates)
  if (from >= last) return
  const offset = <usize>(from - gates) << 2
  const source = p.work + (<usize>(4 * p.hiddenSize) << 2) + offset
  const aside = p.scratch + (<usize>from << 2)
  stateColumns(p, last - from, source, p.dQueryWeight + offset, A, aside, gates + A)
}
