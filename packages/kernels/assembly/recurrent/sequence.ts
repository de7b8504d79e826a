// Whole-sequence recurrent layers, one layer and direction a call: what the three kinds share.
//
// x·W_i for all steps is one product into the workspace; where x are rows of a table by id, the table times W_i, of which
// each step takes its rows. The recurrent weight is packed once; then each thread takes its
// own batch rows through all steps, so that threads never wait for each other. The gradients of the weights are products
// over all steps at once, cut by columns: every sum has one owner and one order, whatever the number of threads.

import { RECURRENT_INPUT_ROWS, RECURRENT_PROJECT, RECURRENT_ROWS, RECURRENT_ROWS_BACK, RECURRENT_WEIGHT_COLUMNS } from '../generated/job-ids'
import { gemm, packB, packedBBytes } from '../gemm/gemm'
import { parallelFor, threadCount } from '../threads/threads'
import { CellKind, lengthOf, RecurrentArguments } from './arguments'
import { gruBackward, gruForward } from './gru'
import { lstmBackward, lstmForward } from './lstm'
import { rnnBackward, rnnForward } from './rnn'

/** Most batch rows that go through the sequence together: a thread that comes late leaves rounds to the others. */
// @ts-ignore: decorator
@inline const ROWS: i32 = 16

// Below this many multiply-adds, waking the other threads costs more than they save.
// @ts-ignore: decorator
@inline const WORTH_SPLITTING: i64 = 1 << 19

/** @entry Bytes that `packed` and `packedN` together need. */
export function recurrentPackedBytes(gates: i32, H: i32, backward: bool): usize {
  if (gates != 3) return backward ? packedBBytes(gates * H, H) : packedBBytes(H, gates * H)
  return backward
    ? packedBBytes(2 * H, H) + packedBBytes(H, H)
    : packedBBytes(H, 2 * H) + packedBBytes(H, H)
}

/** @entry */
export function recurrentForward(p: RecurrentArguments): void {
  const columns = p.gates * p.hiddenSize
  addBiases(p, columns)
  packRecurrentWeight(p, false)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  p.projectionParts = projectionParts(p, parts)
  parallelFor(RECURRENT_PROJECT, changetype<usize>(p), p.projectionParts, 1)
  parallelFor(RECURRENT_ROWS, changetype<usize>(p), (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
}

/** @entry Fills dInputWeight, dRecurrentWeight and the bias gradients, and turns h and c into the gradients of h0 and c0. */
export function recurrentBackward(p: RecurrentArguments): void {
  const columns = p.gates * p.hiddenSize
  packRecurrentWeight(p, true)
  const parts = partsOfWork(p)
  p.rowsPerPart = batchRowsPerPart(p, parts, ROWS)
  parallelFor(RECURRENT_ROWS_BACK, changetype<usize>(p), (p.batch + p.rowsPerPart - 1) / p.rowsPerPart, 1)
  p.columnsPerPart = (((columns + parts - 1) / parts) + 15) & ~15
  parallelFor(RECURRENT_WEIGHT_COLUMNS, changetype<usize>(p), (columns + p.columnsPerPart - 1) / p.columnsPerPart, 1)
}

/** @entry dx = dGates·W_iᵀ, from the workspace that `recurrentBackward` has left. */
export function recurrentInputGradient(p: RecurrentArguments): void {
  p.projectionParts = projectionParts(p, partsOfWork(p))
  parallelFor(RECURRENT_INPUT_ROWS, changetype<usize>(p), p.projectionParts, 1)
}

export function partsOfWork(p: RecurrentArguments): i32 {
  const work = <i64>p.batch * p.time * p.hiddenSize * p.gates * (p.inputSize + p.hiddenSize)
  return work < WORTH_SPLITTING ? 1 : threadCount
}

/** Rows of x: one for each step of each batch row, or those of the table. */
// @ts-ignore: decorator
@inline
function inputRows(p: RecurrentArguments): i32 {
  return p.ids != 0 ? p.tableRows : p.batch * p.time
}

/** As many parts of x's rows that none is small: `gemm` adds in another order for very few rows. */
export function projectionParts(p: RecurrentArguments, parts: i32): i32 {
  return max(1, min(parts, inputRows(p) >> 3))
}

/** The first of x's rows in a part. */
// @ts-ignore: decorator
@inline
function projectionRow(p: RecurrentArguments, part: i32): i32 {
  return <i32>((<i64>inputRows(p) * part) / p.projectionParts)
}

/** An equal share of the batch for each thread, in rounds of at most `most` rows. */
export function batchRowsPerPart(p: RecurrentArguments, parts: i32, most: i32): i32 {
  const B = p.batch
  // Without packing, the number of rows decides how `gemm` adds.
  if (p.packed == 0) return B
  const share = (B + parts - 1) / parts
  const all = parts * ((share + most - 1) / most)
  return (B + all - 1) / all
}

/** The two biases are added to the same sum, except for the n gate of the GRU, where r comes between. */
export function addBiases(p: RecurrentArguments, columns: i32): void {
  const both = p.kind == CellKind.GRU ? 2 * p.hiddenSize : columns
  for (let j = 0; j < columns; j++) {
    const at = <usize>j << 2
    const input = f32.load(p.inputBias + at)
    f32.store(p.scratch + at, j < both ? input + f32.load(p.recurrentBias + at) : input)
  }
}

export function packRecurrentWeight(p: RecurrentArguments, transposed: bool): void {
  p.packedN = 0
  if (p.packed == 0) return
  const H = p.hiddenSize
  const columns = p.gates * H
  const first = p.kind == CellKind.GRU ? 2 * H : columns
  const weightN = p.recurrentWeight + (<usize>first << 2)
  if (transposed) {
    packB(first, H, p.recurrentWeight, 1, columns, p.packed)
    p.packedN = p.packed + packedBBytes(first, H)
    if (p.kind == CellKind.GRU) packB(H, H, weightN, 1, columns, p.packedN)
  } else {
    packB(H, first, p.recurrentWeight, columns, 1, p.packed)
    p.packedN = p.packed + packedBBytes(H, first)
    if (p.kind == CellKind.GRU) packB(H, H, weightN, columns, 1, p.packedN)
  }
}

/** @job Rows of x·W_i + biases. */
export function recurrentProject(p: RecurrentArguments, begin: i32, end: i32): void {
  const first = projectionRow(p, begin)
  const rows = projectionRow(p, end) - first
  const columns = p.gates * p.hiddenSize
  const x = p.x + ((<usize>first * <usize>p.inputSize) << 2)
  const pitch = p.ids != 0 ? columns : p.pitch
  const target = (p.ids != 0 ? p.projected : p.work) + ((<usize>first * <usize>pitch) << 2)
  const I = p.inputSize
  gemm(rows, columns, I, x, I, 1, p.inputWeight, columns, 1, target, pitch, false, p.scratch, 0, 0)
}

/** @job Parts of the batch through all steps. */
export function recurrentRows(p: RecurrentArguments, begin: i32, end: i32): void {
  const first = begin * p.rowsPerPart
  const last = min(p.batch, end * p.rowsPerPart)
  clearPastLengths(p, p.outputs, p.hiddenSize, first, last)
  if (p.kind == CellKind.LSTM) lstmForward(p, first, last)
  else if (p.kind == CellKind.GRU) gruForward(p, first, last)
  else rnnForward(p, first, last)
}

/** @job Parts of the batch back through all steps. */
export function recurrentRowsBack(p: RecurrentArguments, begin: i32, end: i32): void {
  const first = begin * p.rowsPerPart
  const last = min(p.batch, end * p.rowsPerPart)
  clearPastLengths(p, p.work, p.pitch, first, last)
  if (p.kind == CellKind.LSTM) lstmBackward(p, first, last)
  else if (p.kind == CellKind.GRU) gruBackward(p, first, last)
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

/** @job Rows of dx = dGates·W_iᵀ. */
export function recurrentInputRows(p: RecurrentArguments, begin: i32, end: i32): void {
  const first = projectionRow(p, begin)
  const rows = projectionRow(p, end) - first
  const columns = p.gates * p.hiddenSize
  const dx = p.dx + ((<usize>first * <usize>p.inputSize) << 2)
  const work = p.work + ((<usize>first * <usize>p.pitch) << 2)
  gemm(rows, p.inputSize, columns, work, p.pitch, 1, p.inputWeight, 1, columns, dx, p.inputSize, false, 0, 0, 0)
}
