// Additive attention of one batch row at one step, forward and back:
//
//   weights_s = softmax_s(v·tanh(q + key_s) + bias_s), context = Σ_s weights_s memory_s
//
// S steps of the source, M memory size, A attention size

import { at } from '../memory/address'
import * as k from '../math/constants'
import { constant } from '../math/constants'
import { loadLanes, storeLanes } from '../memory/lanes'
import { tanhF32x4 } from '../math/math'
import { addScaledRow, dotRow } from '../math/row-math'
import { madd, nmadd } from '../math/simd'
import { softmaxRow } from '../reductions/softmax'
import { DecoderArguments, queryRow, sourceRow, timeRow } from './decoder-arguments'

/** One batch row's weights and context at time t. */
export function attend(p: DecoderArguments, b: i32, t: i32): void {
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
export function weightedSum(S: i32, M: i32, weights: usize, rows: usize, out: usize): void {
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

/** One batch row at time t: from the context's gradient to those of memory, keys, v and, over q, of the query. */
export function attendBack(p: DecoderArguments, b: i32, t: i32): void {
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
