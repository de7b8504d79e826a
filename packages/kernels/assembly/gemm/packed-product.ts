// Rows of A times packed panels of B: the inner loops of gemm.ts.

import { activate } from '../math/activation'
import { BLOCK_M, packedABlock, stripScratch } from '../memory/scratch'
import { packAdjacentLanes } from './pack'
import { tile, tileColumns, tileRows } from './tile'

// @ts-ignore: decorator
@inline
export function offset(index: i32, stride: i32): usize {
  return (<usize>index * <usize>stride) << 2
}

/** A group of K-blocks: all rows of A, block by block, times packed panels of B. `k` is the length of the group. */
export function rowsTimesPacked(
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
export function finishTile(rows: i32, columns: i32, c: usize, ldc: usize, bias: usize, activation: i32, alpha: f32): void {
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
