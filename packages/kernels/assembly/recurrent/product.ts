// The products with the recurrent weight, from its packed copy or, for a single step, straight from the weight.

import { gemm, gemmPacked } from '../gemm/gemm'
import { RecurrentArguments } from './arguments'

/** C[rows, n] = (C +) h[rows, H]·W_h[:, from … from + n] (+ bias). */
// @ts-ignore: decorator
@inline
export function timesRecurrent(
  p: RecurrentArguments,
  rows: i32,
  from: i32,
  n: i32,
  h: usize,
  packed: usize,
  c: usize,
  cRow: i32,
  accumulate: bool,
  bias: usize,
): void {
  const H = p.hiddenSize
  if (packed != 0) gemmPacked(rows, n, H, h, H, 1, packed, c, cRow, accumulate, bias, 0, 0)
  else {
    const columns = p.gates * H
    const weight = p.recurrentWeight + (<usize>from << 2)
    gemm(rows, n, H, h, H, 1, weight, columns, 1, c, cRow, accumulate, bias, 0, 0)
  }
}

/** dh[rows, H] += dGates[rows, n]·W_h[:, from … from + n]ᵀ. */
// @ts-ignore: decorator
@inline
export function timesRecurrentTransposed(
  p: RecurrentArguments,
  rows: i32,
  from: i32,
  n: i32,
  dGates: usize,
  dRow: i32,
  packed: usize,
  dh: usize,
): void {
  const H = p.hiddenSize
  if (packed != 0) gemmPacked(rows, H, n, dGates, dRow, 1, packed, dh, H, true, 0, 0, 0)
  else {
    const weight = p.recurrentWeight + (<usize>from << 2)
    gemm(rows, H, n, dGates, dRow, 1, weight, 1, p.gates * H, dh, H, true, 0, 0, 0)
  }
}
