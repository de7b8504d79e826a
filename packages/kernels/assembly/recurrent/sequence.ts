// Whole-sequence recurrent layers, one layer and direction a call: what the three kinds share.
//
// x·W_i for all steps is one product into the workspace. The recurrent weight is packed once; then each thread takes its
// own batch rows through all steps, so that threads never wait for each other. The gradients of the weights are products
// over all steps at once, cut by columns: every sum has one owner and one order, whatever the number of threads.

import { gemm, packB, packedBBytes } from '../gemm/gemm'
import { tileRows } from '../gemm/tile'
import { loadLanes, storeLanes } from '../lanes'
import {
  JOB_RECURRENT_BACKWARD,
  JOB_RECURRENT_DX,
  JOB_RECURRENT_FORWARD,
  JOB_RECURRENT_PROJECT,
  JOB_RECURRENT_WEIGHTS,
} from '../op-job-ids'
import { parallelFor, threadCount } from '../threads'
import { firstTime, GRU, lengthOf, LSTM, RecurrentArguments } from './arguments'
import { gruBackward, gruForward } from './gru'
import { lstmBackward, lstmForward } from './lstm'
import { rnnBackward, rnnForward } from './rnn'

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 1 << 19

/** Bytes that `packed` and `packedN` together need. */
export function recurrentPackedBytes(gates: i32, H: i32, backward: bool): usize {
  if (gates != 3) return backward ? packedBBytes(gates * H, H) : packedBBytes(H, gates * H)
  return backward
    ? packedBBytes(2 * H, H) + packedBBytes(H, H)
    : packedBBytes(H, 2 * H) + packedBBytes(H, H)
}

export function recurrentForward(address: usize): void {
  const p = changetype<RecurrentArguments>(address)
  const columns = p.gates * p.hiddenSize
  addBiases(p, columns)
  packRecurrentWeight(p, false)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(JOB_RECURRENT_PROJECT, address, p.projectionParts, 1)
  parallelFor(JOB_RECURRENT_FORWARD, address, (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
}

/** Fills dInputWeight, dRecurrentWeight and the bias gradients, and turns h and c into the gradients of h0 and c0. */
export function recurrentBackward(address: usize): void {
  const p = changetype<RecurrentArguments>(address)
  const columns = p.gates * p.hiddenSize
  packRecurrentWeight(p, true)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts)
  parallelFor(JOB_RECURRENT_BACKWARD, address, (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
  p.columnsPerPart = (((columns + parts - 1) / parts) + 15) & ~15
  parallelFor(JOB_RECURRENT_WEIGHTS, address, (columns + p.columnsPerPart - 1) / p.columnsPerPart, 1)
}

/** dx = dGates·W_iᵀ, from the workspace that `recurrentBackward` has left. */
export function recurrentInputGradient(address: usize): void {
  const p = changetype<RecurrentArguments>(address)
  p.projectionParts = projectionParts(p, partsOfWork(p))
  parallelFor(JOB_RECURRENT_DX, address, p.projectionParts, 1)
}

function partsOfWork(p: RecurrentArguments): i32 {
  const work = <i64>p.batch * p.time * p.hiddenSize * p.gates * (p.inputSize + p.hiddenSize)
  return work < WORTH_SPLITTING ? 1 : threadCount
}

/** As many parts of x's rows that none is small: `gemm` adds in another order for very few rows. */
function projectionParts(p: RecurrentArguments, parts: i32): i32 {
  return max(1, min(parts, (p.batch * p.time) >> 3))
}

/** The first of x's rows in a part. */
// @ts-ignore: decorator
@inline
function projectionRow(p: RecurrentArguments, part: i32): i32 {
  return <i32>((<i64>p.batch * p.time * part) / p.projectionParts)
}

/** Whole tiles where there are enough rows for it. */
function batchRowsPerPart(p: RecurrentArguments, parts: i32): i32 {
  const B = p.batch
  if (p.packed == 0) return B
  const rows = (B + parts - 1) / parts
  return rows <= tileRows ? rows : ((rows + tileRows - 1) / tileRows) * tileRows
}

/** The two biases are added to the same sum, except for the n gate of the GRU, where r comes between. */
function addBiases(p: RecurrentArguments, columns: i32): void {
  const both = p.kind == GRU ? 2 * p.hiddenSize : columns
  for (let j = 0; j < columns; j++) {
    const at = <usize>j << 2
    const input = f32.load(p.inputBias + at)
    f32.store(p.scratch + at, j < both ? input + f32.load(p.recurrentBias + at) : input)
  }
}

function packRecurrentWeight(p: RecurrentArguments, transposed: bool): void {
  p.packedN = 0
  if (p.packed == 0) return
  const H = p.hiddenSize
  const columns = p.gates * H
  const first = p.kind == GRU ? 2 * H : columns
  const weightN = p.recurrentWeight + (<usize>first << 2)
  if (transposed) {
    packB(first, H, p.recurrentWeight, 1, columns, p.packed)
    p.packedN = p.packed + packedBBytes(first, H)
    if (p.kind == GRU) packB(H, H, weightN, 1, columns, p.packedN)
  } else {
    packB(H, first, p.recurrentWeight, columns, 1, p.packed)
    p.packedN = p.packed + packedBBytes(H, first)
    if (p.kind == GRU) packB(H, H, weightN, columns, 1, p.packedN)
  }
}

/** Job: rows of x·W_i + biases. */
export function recurrentProject(address: usize, begin: i32, end: i32): void {
  const p = changetype<RecurrentArguments>(address)
  const first = projectionRow(p, begin)
  const rows = projectionRow(p, end) - first
  const columns = p.gates * p.hiddenSize
  const x = p.x + ((<usize>first * <usize>p.inputSize) << 2)
  const work = p.work + ((<usize>first * <usize>p.pitch) << 2)
  const I = p.inputSize
  gemm(rows, columns, I, x, I, 1, p.inputWeight, columns, 1, work, p.pitch, false, p.scratch, 0, 0)
}

/** Job: parts of the batch through all steps. */
export function recurrentRows(address: usize, begin: i32, end: i32): void {
  const p = changetype<RecurrentArguments>(address)
  const first = begin * p.rowsPerPart
  const last = min(p.batch, end * p.rowsPerPart)
  clearPastLengths(p, p.outputs, p.hiddenSize, first, last)
  if (p.kind == LSTM) lstmForward(p, first, last)
  else if (p.kind == GRU) gruForward(p, first, last)
  else rnnForward(p, first, last)
}

/** Job: parts of the batch back through all steps. */
export function recurrentRowsBack(address: usize, begin: i32, end: i32): void {
  const p = changetype<RecurrentArguments>(address)
  const first = begin * p.rowsPerPart
  const last = min(p.batch, end * p.rowsPerPart)
  clearPastLengths(p, p.work, p.pitch, first, last)
  if (p.kind == LSTM) lstmBackward(p, first, last)
  else if (p.kind == GRU) gruBackward(p, first, last)
  else rnnBackward(p, first, last)
}

/** Past a row's length, outputs are zero, and so are the gates' gradients, which the products over all steps read too. */
function clearPastLengths(p: RecurrentArguments, tensor: usize, pitch: i32, begin: i32, end: i32): void {
  const row = <usize>pitch << 2
  for (let b = begin; b < end; b++) {
    const length = lengthOf(p, b)
    memory.fill(tensor + <usize>(b * p.time + length) * row, 0, <usize>(p.time - length) * row)
  }
}

/** Job: rows of dx = dGates·W_iᵀ. */
export function recurrentInputRows(address: usize, begin: i32, end: i32): void {
  const p = changetype<RecurrentArguments>(address)
  const first = projectionRow(p, begin)
  const rows = projectionRow(p, end) - first
  const columns = p.gates * p.hiddenSize
  const dx = p.dx + ((<usize>first * <usize>p.inputSize) << 2)
  const work = p.work + ((<usize>first * <usize>p.pitch) << 2)
  gemm(rows, p.inputSize, columns, work, p.pitch, 1, p.inputWeight, 1, columns, dx, p.inputSize, false, 0, 0, 0)
}

/** Job: columns of all weight and bias gradients. */
export function recurrentWeightColumns(address: usize, begin: i32, end: i32): void {
  const p = changetype<RecurrentArguments>(address)
  const H = p.hiddenSize
  const columns = p.gates * H
  const last = min(columns, end * p.columnsPerPart)
  // The columns of n have their own source of recurrent gradients in the GRU.
  const boundary = p.kind == GRU ? 2 * H : columns
  let j = begin * p.columnsPerPart
  while (j < last) {
    const stop = j < boundary ? min(boundary, last) : last
    inputColumns(p, j, stop - j)
    recurrentColumns(p, j, stop - j, j < boundary ? j : j + H)
    j = stop
  }
}

/** Columns j to j + n of dW_i = xᵀ·dGates and of the input bias's gradient. */
function inputColumns(p: RecurrentArguments, j: i32, n: i32): void {
  const I = p.inputSize
  const columns = p.gates * p.hiddenSize
  const rows = p.batch * p.time
  const source = p.work + (<usize>j << 2)
  gemm(I, n, rows, p.x, 1, I, source, p.pitch, 1, p.dInputWeight + (<usize>j << 2), columns, false, 0, 0, 0)
  sumColumns(n, rows, source, p.pitch, p.dInputBias + (<usize>j << 2))
}

/**
 * Columns j to j + n of dW_h = h_previousᵀ·dGates and of the recurrent bias's gradient, from workspace columns `from` on.
 *
 * h_previous of a row is the row before it in `outputs` (after it, in reverse), except at each first step, where it is h0.
 * So those rows are set aside while all others are multiplied at once, and put back after.
 */
function recurrentColumns(p: RecurrentArguments, j: i32, n: i32, from: i32): void {
  const B = p.batch
  const H = p.hiddenSize
  const P = p.pitch
  const columns = p.gates * H
  const rows = B * p.time
  const source = p.work + (<usize>from << 2)
  const target = p.dRecurrentWeight + (<usize>j << 2)
  const aside = p.scratch + (<usize>j << 2)
  if (p.dRecurrentBias != p.dInputBias) sumColumns(n, rows, source, P, p.dRecurrentBias + (<usize>j << 2))
  moveFirstRows(p, n, source, aside, columns, true)
  const h = p.reverse != 0 ? p.outputs + (<usize>H << 2) : p.outputs
  const dGates = p.reverse != 0 ? source : source + (<usize>P << 2)
  gemm(H, n, rows - 1, h, 1, H, dGates, P, 1, target, columns, false, 0, 0, 0)
  gemm(H, n, B, p.h0, 1, H, aside, columns, 1, target, columns, true, 0, 0, 0)
  moveFirstRows(p, n, source, aside, columns, false)
}

/** Moves n columns of each batch row's first step out of the workspace, leaving zeros, or back. */
function moveFirstRows(p: RecurrentArguments, n: i32, source: usize, aside: usize, pitch: i32, out: bool): void {
  const bytes = <usize>n << 2
  for (let b = 0; b < p.batch; b++) {
    const row = aside + ((<usize>b * <usize>pitch) << 2)
    if (lengthOf(p, b) == 0) {
      memory.fill(row, 0, bytes)
      continue
    }
    const first = source + ((<usize>(b * p.time + firstTime(p, b)) * <usize>p.pitch) << 2)
    if (out) {
      memory.copy(row, first, bytes)
      memory.fill(first, 0, bytes)
    } else memory.copy(first, row, bytes)
  }
}

/** sums[n] = the sum of `rows` rows of n floats, `pitch` floats apart. */
function sumColumns(n: i32, rows: i32, source: usize, pitch: i32, sums: usize): void {
  memory.fill(sums, 0, <usize>n << 2)
  for (let row = 0; row < rows; row++) {
    addRow(n, source, sums)
    source += <usize>pitch << 2
  }
}

function addRow(n: i32, row: usize, sums: usize): void {
  for (let j = 0; j < n; j += 4) {
    const at = <usize>j << 2
    storeLanes(sums + at, f32x4.add(loadLanes(sums + at, n - j), loadLanes(row + at, n - j)), n - j)
  }
}
