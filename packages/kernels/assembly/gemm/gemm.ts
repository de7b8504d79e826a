// C[M, N] = activation(A[M, K] B[K, N] + bias[N]), or C += A B. Strides are in elements, so that a transposed operand is
// the same memory with its two strides swapped. C's columns are contiguous.
//
// The loops are those of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): blocks of K
// and N of B are packed into panels, then blocks of M of A where it is transposed, and the micro-kernel runs over pairs of
// panels. An element of C is always summed along K in the same order, whatever the tile and wherever a caller splits M and
// N: block by block, each block's sum added to those before. The sums of a group of blocks stay in the cache, so that C,
// which may lie in distant memory, is written once for all of them.

import { activate } from '../math/activation'
import { BLOCK_K, BLOCK_M, BLOCK_N, GROUP, packedABlock, packedBBlock, stripScratch } from '../memory/scratch'
import { gemv, gemvFits } from './gemv'
import { packAdjacentLanes, packPanel, packSideBySide } from './pack'
import { tile, tileColumns, tileRows } from './tile'

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

/** How much of K is summed between two visits to C: whole blocks. */
// @ts-ignore: decorator
@inline
function groupOfK(k: i32): i32 {
  return GROUP * blockOfK(k)
}

// @ts-ignore: decorator
@inline
function offset(index: i32, stride: i32): usize {
  return (<usize>index * <usize>stride) << 2
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

/** A group of K-blocks: all rows of A, block by block, times packed panels of B. `k` is the length of the group. */
function rowsTimesPacked(
  m: i32,
  n: i32,
  k: i32,
  kBlock: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  packedB: usize,
  panelLength: i32,
  c: usize,
  cRow: i32,
  accumulate: bool,
  last: bool,
  bias: usize,
  activation: i32,
  alpha: f32,
): void {
  const panelBytes = <usize>(tileColumns * panelLength) << 2
  const ldc = <usize>cRow << 2
  // Rows that lie one after the other are read where they are; lanes that lie side by side would each touch a page of memory with
  // every step, for every panel of B.
  const packs = aRow == 1
  const step = offset(aColumn, 1)
  const blocks = (m + BLOCK_M - 1) / BLOCK_M
  if (!last) bias = 0
  for (let block = 0, ic = 0; block < blocks; block++) {
    const mc = share(m, blocks, block)
    const panels = (mc + tileRows - 1) / tileRows
    let rows = a + offset(ic, aRow)
    if (packs) {
      packRows(mc, panels, k, kBlock, rows, aColumn)
      rows = packedABlock
    }
    const rowStride: usize = packs ? 0 : offset(aRow, 1)
    let bPanel = packedB
    for (let j = 0; j < n; j += tileColumns) {
      const columns = min(tileColumns, n - j)
      const target = c + offset(ic, cRow) + offset(j, 1)
      const biasHere: usize = bias == 0 ? 0 : bias + offset(j, 1)
      if (columns == tileColumns) {
        panelProduct(mc, panels, k, kBlock, rows, rowStride, step, bPanel, accumulate ? target : 0, ldc, biasHere, target, ldc)
        if (last && activation != 0) finishTile(mc, columns, target, ldc, 0, activation, alpha)
      } else {
        const pitch = <usize>tileColumns << 2
        if (accumulate) copyColumns(mc, columns, target, ldc, stripScratch, pitch)
        panelProduct(mc, panels, k, kBlock, rows, rowStride, step, bPanel, accumulate ? stripScratch : 0, pitch, 0, stripScratch, pitch)
        copyColumns(mc, columns, stripScratch, pitch, target, ldc)
        if (last && (bias != 0 || activation != 0)) finishTile(mc, columns, target, ldc, biasHere, activation, alpha)
      }
      bPanel += panelBytes
    }
    ic += mc
  }
}

/** Packs mc rows of A, whose elements lie side by side: K-block by K-block, each in `panels` panels. */
function packRows(mc: i32, panels: i32, k: i32, kBlock: i32, a: usize, aColumn: i32): void {
  let dst = packedABlock
  let pc = 0
  do {
    const kc = min(kBlock, k - pc)
    packAdjacentLanes(dst, mc, panels, kc, a + offset(pc, aColumn), offset(aColumn, 1))
    dst += offset(mc, kc)
    pc += kc
  } while (pc < k)
}

/**
 * C = (from +) A B (+ bias) for rows of A and one panel of B. Sums of all K-blocks but the last stay in a strip of scratch memory.
 * Strides of A are in bytes; a stride of 0 between its rows stands for rows that `packRows` has packed.
 */
function panelProduct(
  mc: i32,
  panels: i32,
  k: i32,
  kBlock: i32,
  a: usize,
  aRow: usize,
  aStep: usize,
  b: usize,
  from: usize,
  ldf: usize,
  bias: usize,
  c: usize,
  ldc: usize,
): void {
  const pitch = <usize>tileColumns << 2
  let pc = 0
  do {
    const kc = min(kBlock, k - pc)
    const isLast = pc + kc >= k
    const to = isLast ? c : stripScratch
    const ldt = isLast ? ldc : pitch
    const biasHere = isLast ? bias : 0
    for (let p = 0, i = 0; p < panels; p++) {
      const rows = share(mc, panels, p)
      const source: usize = from == 0 ? 0 : from + <usize>i * ldf
      const target = to + <usize>i * ldt
      if (aRow == 0) tile(rows, kc, a + offset(i, kc), 4, <usize>rows << 2, b, source, ldf, biasHere, target, ldt)
      else tile(rows, kc, a + <usize>i * aRow, aRow, aStep, b, source, ldf, biasHere, target, ldt)
      i += rows
    }
    from = to
    ldf = ldt
    a += aRow == 0 ? offset(mc, kc) : <usize>kc * aStep
    b += offset(kc, tileColumns)
    pc += kc
  } while (pc < k)
}

/** The length of part `index` when a length is cut in `parts` as equal as can be: 8 rows make 4 + 4, not 6 + 2. */
// @ts-ignore: decorator
@inline
function share(length: i32, parts: i32, index: i32): i32 {
  return length / parts + i32(index < length % parts)
}

/** Copies rows of a few columns; pitches in bytes. */
function copyColumns(rows: i32, columns: i32, src: usize, srcPitch: usize, dst: usize, dstPitch: usize): void {
  for (let r = 0; r < rows; r++) {
    for (let j: usize = 0; j < <usize>columns << 2; j += 4) f32.store(dst + j, f32.load(src + j))
    src += srcPitch
    dst += dstPitch
  }
}

/** Adds the bias and applies the activation while the rows are in the cache. */
function finishTile(rows: i32, columns: i32, c: usize, ldc: usize, bias: usize, activation: i32, alpha: f32): void {
  const whole = <usize>(columns & ~3) << 2
  const end = <usize>columns << 2
  for (let r = 0; r < rows; r++) {
    let j: usize = 0
    for (; j < whole; j += 16) {
      let x = v128.load(c + j)
      if (bias != 0) x = f32x4.add(x, v128.load(bias + j))
      v128.store(c + j, activate(x, activation, alpha))
    }
    for (; j < end; j += 4) {
      let x = f32.load(c + j)
      if (bias != 0) x += f32.load(bias + j)
      f32.store(c + j, f32x4.extract_lane(activate(f32x4.splat(x), activation, alpha), 0))
    }
    c += ldc
  }
}
