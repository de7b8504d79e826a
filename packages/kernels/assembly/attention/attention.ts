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

import { ATTENTION_TASKS } from '../generated/job-ids'
import { gemm } from '../gemm/gemm'
import { exponentials, scaleRow } from '../math/exponentials'
import { logF32 } from '../math/log'
import { addScaledRow } from '../math/row-math'
import { extreme, Reduction } from '../reductions/reduce'
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
import { addDistances, clearHidden, maskToNumbers, rawScores } from './scores'

/** @entry */
export function attention(p: AttentionArguments): void {
  parallelFor(ATTENTION_TASKS, changetype<usize>(p), p.parts, grain(p))
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
