// The whole time loop of a GRU decoder that attends with an additive score before each step:
//
//   q_t = h_{t-1}·W_q, weights_t = softmax_s(v·tanh(q_t + key_s) + bias_s), context_t = Σ_s weights_{t,s} memory_s,
//   h_t = GRU([x_t, context_t], h_{t-1})
//
// A workspace row is a GRU's, followed by q. The backward pass writes the gradients of the gates and of q over them.
//
// B batch, T steps of the target, S steps of the source, E size of x, H hidden size, M memory size, A attention size

import { DECODER_ROWS, DECODER_ROWS_BACK, DECODER_WEIGHT_COLUMNS, RECURRENT_INPUT_ROWS, RECURRENT_PROJECT } from '../generated/job-ids'
import { gemmPacked, packB } from '../gemm/gemm'
import { parallelFor } from '../threads/threads'
import { attend, attendBack } from './additive-attention'
import { stateRow, workRow } from './arguments'
import { contextWeight, DecoderArguments, queryRow, timeRow } from './decoder-arguments'
import { gruAdvance, gruRetreat } from './gru'
import { addBiases, batchRowsPerPart, packRecurrentWeight, partsOfWork, projectionParts } from './sequence'
import { addRow, inputColumns, stateColumns, weightColumns } from './weight-gradients'

/** Batch rows of a part: few, so that the memory and keys of them stay in the cache from step to step. */
// @ts-ignore: decorator
@inline const ROWS: i32 = 12

/** @entry */
export function decoderForward(p: DecoderArguments): void {
  const H = p.hiddenSize
  const A = p.attentionSize
  addBiases(p, 3 * H)
  packRecurrentWeight(p, false)
  packB(H, A, p.queryWeight, A, 1, p.packedQuery)
  packB(p.memorySize, 3 * H, contextWeight(p, p.inputWeight), 3 * H, 1, p.packedContext)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(RECURRENT_PROJECT, changetype<usize>(p), p.projectionParts, 1)
  parallelFor(DECODER_ROWS, changetype<usize>(p), (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
}

/** @job Parts of the batch through all steps. */
export function decoderRows(p: DecoderArguments, part: i32, endPart: i32): void {
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

/** @entry All gradients; h turns into that of h0. */
export function decoderBackward(p: DecoderArguments): void {
  const B = p.batch
  const H = p.hiddenSize
  const A = p.attentionSize
  packRecurrentWeight(p, true)
  packB(A, H, p.queryWeight, 1, A, p.packedQuery)
  packB(3 * H, p.memorySize, contextWeight(p, p.inputWeight), 1, 3 * H, p.packedContext)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  parallelFor(DECODER_ROWS_BACK, changetype<usize>(p), (B + p.rowsPerPart - 1) / p.rowsPerPart, 1)
  const columns = 3 * H + A
  p.columnsPerPart = (((columns + parts - 1) / parts) + 15) & ~15
  parallelFor(DECODER_WEIGHT_COLUMNS, changetype<usize>(p), (columns + p.columnsPerPart - 1) / p.columnsPerPart, 1)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(RECURRENT_INPUT_ROWS, changetype<usize>(p), p.projectionParts, 1)
  memory.fill(p.dScoreWeight, 0, <usize>A << 2)
  for (let b = 0; b < B; b++) addRow(A, p.dScoreRows + (<usize>(b * A) << 2), p.dScoreWeight)
}

/** @job Parts of the batch back through all steps. */
export function decoderRowsBack(p: DecoderArguments, part: i32, endPart: i32): void {
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

/** @job Columns of the weight gradients, first those of the gates, then those of W_q. */
export function decoderWeightColumns(p: DecoderArguments, begin: i32, end: i32): void {
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
