// C[M, N] = activation(A[M, K] B[K, N] + bias[N]), or C += A B. Strides are in elements, so that a transposed operand is
// the same memory with its two strides swapped. C's columns are contiguous.
//
// The loops are those of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): blocks of K
// and N of B are packed into panels, then blocks of M of A where it is transposed, and the micro-kernel runs over pairs of
// panels. An element of C is always summed along K in the same order, whatever the tile and wherever a caller splits M and
// N: block by block, each block's sum added to those before. The sums of a group of blocks stay in the cache, so that C,
// which may lie in distant memory, is written once for all of them.

import { BLOCK_K, BLOCK_N, GROUP, packedBBlock } from '../memory/scratch'
import { gemv, gemvFits } from './gemv'
import { packPanel, packSideBySide } from './pack'
import { finishTile, offset, rowsTimesPacked } from './packed-product'
import { tileColumns } from './tile'

/** The general product. `bias` is 0 or the address of n floats; `accumulate` adds to C before bias and activation. */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  alpha: f32,
): void {
  if (gemvFits(m, bRow, bColumn)) {
    gemv(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate)
    if (bias != 0 || activation != 0) finishTile(m, n, c, <usize>cRow << 2, bias, activation, alpha)
  } else if (columnFits(n, cRow, bias, aRow, aColumn)) {
    gemv(1, m, k, b, 0, bRow, a, aColumn, aRow, c, 0, accumulate)
    if (activation != 0) finishTile(1, m, c, 0, 0, activation, alpha)
  } else {
    gemmBlocked(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, bias, activation, alpha)
  }
}

/** Whether a product of one column is better run as the row of the transposed product. */
// @ts-ignore: decorator
@inline
export function columnFits(n: i32, cRow: i32, bias: usize, aRow: i32, aColumn: i32): bool {
  return n == 1 && cRow == 1 && bias == 0 && gemvFits(1, aColumn, aRow)
}

/**
 * `gemm` without the shortcuts for few rows or one column: what a part of a larger product runs, so that its sums are those
 * of the whole.
 */
export function gemmBlocked(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cRow: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  alpha: f32,
): void {
  const kGroup = groupOfK(k)
  // A block of B is packed for the whole group.
  const nBlock = kGroup > BLOCK_K ? BLOCK_N / GROUP : BLOCK_N
  for (let jc = 0; jc < n; jc += nBlock) {
    const nc = min(nBlock, n - jc)
    let pc = 0
    do {
      const kc = min(kGroup, k - pc)
      packColumns(nc, kc, b + offset(pc, bRow) + offset(jc, bColumn), bRow, bColumn, packedBBlock, kc)
      rowsTimesPacked(
        m,
        nc,
        kc,
        blockOfK(k),
        a + offset(pc, aColumn),
        aRow,
        aColumn,
        packedBBlock,
        kc,
        c + offset(jc, 1),
        cRow,
        accumulate || pc > 0,
        pc + kc >= k,
        bias == 0 ? 0 : bias + offset(jc, 1),
        activation,
        alpha,
      )
      pc += kc
    } while (pc < k)
  }
}

/** @entry Bytes that `packB` writes. */
export function packedBBytes(k: i32, n: i32): usize {
  return (<usize>((n + tileColumns - 1) / tileColumns) * tileColumns * k) << 2
}

/** @entry Packs all of B[K, N] once, for `gemmPacked` to use many times (recurrent weights, weights of one training step). */
export function packB(k: i32, n: i32, b: usize, bRow: i32, bColumn: i32, packed: usize): void {
  packColumns(n, k, b, bRow, bColumn, packed, k)
}

/** `gemm` with a B that `packB` has packed. */
export function gemmPacked(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  packed: usize,
  c: usize,
  cRow: i32,
  accumulate: bool,
  bias: usize,
  activation: i32,
  alpha: f32,
): void {
  const kGroup = groupOfK(k)
  let pc = 0
  do {
    const kc = min(kGroup, k - pc)
    rowsTimesPacked(
      m,
      n,
      kc,
      blockOfK(k),
      a + offset(pc, aColumn),
      aRow,
      aColumn,
      packed + (<usize>(pc * tileColumns) << 2),
      k,
      c,
      cRow,
      accumulate || pc > 0,
      pc + kc >= k,
      bias,
      activation,
      alpha,
    )
    pc += kc
  } while (pc < k)
}

/** K is cut into equal blocks of at most BLOCK_K: a function of K alone, so that sums do not depend on the caller. */
function blockOfK(k: i32): i32 {
  const blocks = max(1, (k + BLOCK_K - 1) / BLOCK_K)
  return max(1, (k + blocks - 1) / blocks)
}

/** Length of K that is summed between two visits to C: whole blocks. */
// @ts-ignore: decorator
@inline
function groupOfK(k: i32): i32 {
  return GROUP * blockOfK(k)
}

/** Packs B[k, n] into panels of tileColumns columns; panel p starts at p * tileColumns * panelLength floats. */
function packColumns(n: i32, k: i32, b: usize, bRow: i32, bColumn: i32, dst: usize, panelLength: i32): void {
  const panelBytes = <usize>(tileColumns * panelLength) << 2
  let j = 0
  if (bColumn == 1) {
    const panels = n / tileColumns
    packSideBySide(panels, tileColumns >> 2, k, b, offset(bRow, 1), dst, panelBytes)
    j = panels * tileColumns
    dst += <usize>panels * panelBytes
  }
  for (; j < n; j += tileColumns) {
    const count = min(tileColumns, n - j)
    packPanel(dst, tileColumns, count, k, b + offset(j, bColumn), offset(bColumn, 1), offset(bRow, 1))
    dst += panelBytes
  }
}
