// The backward pass of attention; attention.ts has the equations.
//
// B batch, N heads, G heads of keys and values, T queries, S keys, K size of a query and key, V size of a value

import { ATTENTION_GRADIENT_TASKS } from '../generated/job-ids'
import { gemm } from '../gemm/gemm'
import { scaleRow } from '../math/exponentials'
import { expF32x4 } from '../math/math'
import { addScaledRow, dotRow } from '../math/row-math'
import { madd } from '../math/simd'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { parallelFor } from '../threads/threads'
import {
  AttentionArguments,
  attentionScratch,
  blockOfQueries,
  endOfKeys,
  firstKey,
  floats,
  grain,
  keysOfBlock,
  part,
} from './attention-arguments'
import { addDistances, clearHidden, distanceOf, maskToNumbers, rawScores } from './scores'

/** @entry */
export function attentionGradient(p: AttentionArguments): void {
  parallelFor(ATTENTION_GRADIENT_TASKS, changetype<usize>(p), p.parts, grain(p))
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
