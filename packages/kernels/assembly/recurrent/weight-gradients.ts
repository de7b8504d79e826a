// The gradients of weights and biases: products over all steps at once.

import { gemm } from '../gemm/gemm'
import { loadLanes, storeLanes } from '../memory/lanes'
import { CellKind, firstTime, lengthOf, RecurrentArguments } from './arguments'

/** @job Columns of all weight and bias gradients. */
export function recurrentWeightColumns(p: RecurrentArguments, begin: i32, end: i32): void {
  const last = min(p.gates * p.hiddenSize, end * p.columnsPerPart)
  weightColumns(p, begin * p.columnsPerPart, last, p.gates * p.hiddenSize)
}

/** Columns j to `last` of dW_i, dW_h and both bias gradients; `asidePitch` is the length of a row of `p.scratch`. */
export function weightColumns(p: RecurrentArguments, j: i32, last: i32, asidePitch: i32): void {
  const H = p.hiddenSize
  const columns = p.gates * H
  // The columns of n have their own source of recurrent gradients in the GRU.
  const boundary = p.kind == CellKind.GRU ? 2 * H : columns
  while (j < last) {
    const stop = j < boundary ? min(boundary, last) : last
    const n = stop - j
    const at = <usize>j << 2
    const input = p.work + at
    const recurrent = p.work + (<usize>(j < boundary ? j : j + H) << 2)
    if (p.ids != 0) {
      sumById(p, n, input, p.projected + at)
      sumRows(p.tableRows, n, p.projected + at, columns, p.dInputBias + at)
    } else {
      inputColumns(p, n, input, p.x, p.inputSize, p.dInputWeight + at)
      sumColumns(p, n, input, p.dInputBias + at)
    }
    if (p.dRecurrentBias != p.dInputBias) sumColumns(p, n, recurrent, p.dRecurrentBias + at)
    stateColumns(p, n, recurrent, p.dRecurrentWeight + at, columns, p.scratch + at, asidePitch)
    j = stop
  }
}

/** n columns of dW_i = xᵀ·dGates, for an x of I features whose weights begin at `target`. */
export function inputColumns(p: RecurrentArguments, n: i32, source: usize, x: usize, I: i32, target: usize): void {
  gemm(I, n, p.batch * p.time, x, 1, I, source, p.pitch, 1, target, p.gates * p.hiddenSize, false, 0, 0, 0)
}

/**
 * n columns of h_previousᵀ·d, for n columns d of the workspace that begin at `source`.
 *
 * h_previous of a row is the row before it in `outputs` (after it, in reverse), except at each first step, where it is h0.
 * So those rows are set aside while all others are multiplied at once, and put back after.
 */
export function stateColumns(
  p: RecurrentArguments,
  n: i32,
  source: usize,
  target: usize,
  targetPitch: i32,
  aside: usize,
  asidePitch: i32,
): void {
  const H = p.hiddenSize
  const P = p.pitch
  moveFirstRows(p, n, source, aside, asidePitch, true)
  const h = p.reverse != 0 ? p.outputs + (<usize>H << 2) : p.outputs
  const d = p.reverse != 0 ? source : source + (<usize>P << 2)
  gemm(H, n, p.batch * p.time - 1, h, 1, H, d, P, 1, target, targetPitch, false, 0, 0, 0)
  gemm(H, n, p.batch, p.h0, 1, H, aside, asidePitch, 1, target, targetPitch, true, 0, 0, 0)
  moveFirstRows(p, n, source, aside, asidePitch, false)
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

/** sums[n] = the sum over all rows of the workspace of n columns. */
function sumColumns(p: RecurrentArguments, n: i32, source: usize, sums: usize): void {
  sumRows(p.batch * p.time, n, source, p.pitch, sums)
}

/** sums[n] = the sum over rows of `pitch` floats of their first n. */
function sumRows(rows: i32, n: i32, source: usize, pitch: i32, sums: usize): void {
  memory.fill(sums, 0, <usize>n << 2)
  for (let row = 0; row < rows; row++) {
    addRow(n, source, sums)
    source += <usize>pitch << 2
  }
}

/** n columns of the rows of the workspace, added up by id: rows past a length are zero. */
function sumById(p: RecurrentArguments, n: i32, source: usize, sums: usize): void {
  const pitch = <usize>(p.gates * p.hiddenSize) << 2
  for (let row = 0; row < p.tableRows; row++) memory.fill(sums + <usize>row * pitch, 0, <usize>n << 2)
  const rows = p.batch * p.time
  for (let row = 0; row < rows; row++) {
    addRow(n, source, sums + <usize>i32.load(p.ids + (<usize>row << 2)) * pitch)
    source += <usize>p.pitch << 2
  }
}

export function addRow(n: i32, row: usize, sums: usize): void {
  const whole = <usize>(n & ~7) << 2
  let j: usize = 0
  for (; j < whole; j += 32) {
    const sum0 = f32x4.add(v128.load(sums + j), v128.load(row + j))
    const sum1 = f32x4.add(v128.load(sums + j, 16), v128.load(row + j, 16))
    v128.store(sums + j, sum0)
    v128.store(sums + j, sum1, 16)
  }
  for (let left = n & 7; left > 0; left -= 4) {
    storeLanes(sums + j, f32x4.add(loadLanes(sums + j, left), loadLanes(row + j, left)), left)
    j += 16
  }
}
