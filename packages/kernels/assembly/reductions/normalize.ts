// LayerNorm and RMSNorm over the last axis, forward and backward.
//
//   LayerNorm: u = (x - mean) r, y = u w + b     RMSNorm: u = x r, y = u w     r = 1 / sqrt(mean((x - mean)²) + ε)
//   dx = r (g - mean(g) - u mean(g u)) with g = dy w (RMSNorm without mean(g)); dw = Σ dy u; db = Σ dy
//
// The sums over rows are made in blocks of rows that do not depend on the number of threads.

import { NORMALIZE_GRADIENT_BLOCKS, NORMALIZE_ROWS } from '../generated/job-ids'
import { loadLanes, storeLanes } from '../memory/lanes'
import { sum } from './reduce'
import { sumSquaresRow } from '../math/row-math'
import { madd, nmadd, sumLanes } from '../math/simd'
import { parallelFor, threadCount } from '../threads/threads'

@unmanaged
export class NormalizeArguments {
  rows: i32
  size: i32
  /** 1 for LayerNorm, 0 for RMSNorm. */
  centred: i32
  epsilon: f32 = 0
  x: usize
  weight: usize
  /** LayerNorm only. */
  bias: usize = 0
  y: usize = 0
  /** [N, 2]: mean and r of each row. */
  statistics: usize = 0
  // Backward only.
  dy: usize = 0
  dx: usize = 0
  dWeight: usize = 0
  dBias: usize = 0
  /** [blocks, 2, D] */
  partial: usize = 0
}

/** Most blocks of rows that weight gradients are summed in. */
// @ts-ignore: decorator
@inline const BLOCKS: i32 = 32
// @ts-ignore: decorator
@inline const LEAST_ROWS: i32 = 16

// @ts-ignore: decorator
@inline
function rowsOfBlock(rows: i32): i32 {
  return max(LEAST_ROWS, (rows + BLOCKS - 1) / BLOCKS)
}

/** @entry Number of blocks in which `normalizeGradient` sums over rows. */
export function normalizeBlocks(rows: i32): i32 {
  const step = rowsOfBlock(rows)
  return (rows + step - 1) / step
}

/** @entry */
export function normalize(p: NormalizeArguments): void {
  const parallel = <i64>p.rows * p.size > 16384
  parallelFor(NORMALIZE_ROWS, changetype<usize>(p), p.rows, parallel ? (p.rows + threadCount - 1) / threadCount : p.rows)
}

/** @job */
export function normalizeRows(p: NormalizeArguments, begin: i32, end: i32): void {
  const D = p.size
  const pitch = <usize>D << 2
  for (let i = begin; i < end; i++) {
    const x = p.x + <usize>i * pitch
    const mean = p.centred != 0 ? sum(x, D) / <f32>D : <f32>0
    const r = <f32>1 / sqrt<f32>(sumSquaresRow(x, D, mean) / <f32>D + p.epsilon)
    if (p.statistics != 0) {
      f32.store(p.statistics + (<usize>i << 3), mean)
      f32.store(p.statistics + (<usize>i << 3), r, 4)
    }
    writeRow(D, x, mean, r, p.weight, p.bias, p.y + <usize>i * pitch)
  }
}

export function writeRow(D: i32, x: usize, mean: f32, r: f32, weight: usize, bias: usize, y: usize): void {
  const m = f32x4.splat(mean)
  const scale = f32x4.splat(r)
  let j = 0
  if (bias != 0) {
    for (; j + 8 <= D; j += 8) {
      const at = <usize>j << 2
      const u0 = f32x4.mul(f32x4.sub(v128.load(x + at), m), scale)
      const u1 = f32x4.mul(f32x4.sub(v128.load(x + at, 16), m), scale)
      const y0 = madd(u0, v128.load(weight + at), v128.load(bias + at))
      const y1 = madd(u1, v128.load(weight + at, 16), v128.load(bias + at, 16))
      v128.store(y + at, y0)
      v128.store(y + at, y1, 16)
    }
  }
  for (; j < D; j += 4) {
    const n = D - j
    const at = <usize>j << 2
    const u = f32x4.mul(f32x4.sub(loadLanes(x + at, n), m), scale)
    const w = loadLanes(weight + at, n)
    storeLanes(y + at, bias != 0 ? madd(u, w, loadLanes(bias + at, n)) : f32x4.mul(u, w), n)
  }
}

/** @entry */
export function normalizeGradient(p: NormalizeArguments): void {
  const blocks = normalizeBlocks(p.rows)
  const parallel = <i64>p.rows * p.size > 16384
  parallelFor(NORMALIZE_GRADIENT_BLOCKS, changetype<usize>(p), blocks, parallel ? (blocks + threadCount - 1) / threadCount : blocks)
  const bytes = <usize>p.size << 2
  memory.fill(p.dWeight, 0, bytes)
  if (p.centred != 0) memory.fill(p.dBias, 0, bytes)
  for (let block = 0; block < blocks; block++) {
    const sums = p.partial + 2 * <usize>block * bytes
    addRow(p.size, sums, p.dWeight)
    if (p.centred != 0) addRow(p.size, sums + bytes, p.dBias)
  }
}

/** @job */
export function normalizeGradientBlocks(p: NormalizeArguments, begin: i32, end: i32): void {
  const D = p.size
  const pitch = <usize>D << 2
  const step = rowsOfBlock(p.rows)
  for (let block = begin; block < end; block++) {
    const sums = p.partial + 2 * <usize>block * pitch
    memory.fill(sums, 0, 2 * pitch)
    const last = min(p.rows, (block + 1) * step)
    for (let i = block * step; i < last; i++) {
      const mean = f32.load(p.statistics + (<usize>i << 3))
      const r = f32.load(p.statistics + (<usize>i << 3), 4)
      const at = <usize>i * pitch
      rowGradient(D, p.x + at, p.dy + at, mean, r, p.weight, p.centred != 0, p.dx + at, sums)
    }
  }
}

function rowGradient(
  D: i32,
  x: usize,
  dy: usize,
  mean: f32,
  r: f32,
  weight: usize,
  centred: bool,
  dx: usize,
  sums: usize,
): void {
  const m = f32x4.splat(mean)
  const scale = f32x4.splat(r)
  const sumsOfBias = sums + (<usize>D << 2)
  let sumG = f32x4.splat(0)
  let sumGU = f32x4.splat(0)
  let j = 0
  if (centred) {
    for (; j + 8 <= D; j += 8) {
      const at = <usize>j << 2
      const u0 = f32x4.mul(f32x4.sub(v128.load(x + at), m), scale)
      const u1 = f32x4.mul(f32x4.sub(v128.load(x + at, 16), m), scale)
      const d0 = v128.load(dy + at)
      const d1 = v128.load(dy + at, 16)
      const g0 = f32x4.mul(d0, v128.load(weight + at))
      const g1 = f32x4.mul(d1, v128.load(weight + at, 16))
      sumG = f32x4.add(f32x4.add(sumG, g0), g1)
      sumGU = madd(g1, u1, madd(g0, u0, sumGU))
      const w0 = madd(d0, u0, v128.load(sums + at))
      const w1 = madd(d1, u1, v128.load(sums + at, 16))
      v128.store(sums + at, w0)
      v128.store(sums + at, w1, 16)
      const b0 = f32x4.add(v128.load(sumsOfBias + at), d0)
      const b1 = f32x4.add(v128.load(sumsOfBias + at, 16), d1)
      v128.store(sumsOfBias + at, b0)
      v128.store(sumsOfBias + at, b1, 16)
    }
  }
  for (; j < D; j += 4) {
    const n = D - j
    const at = <usize>j << 2
    // Lanes beyond the row are -mean in u; dy's are zero there.
    const u = f32x4.mul(f32x4.sub(loadLanes(x + at, n), m), scale)
    const d = loadLanes(dy + at, n)
    const g = f32x4.mul(d, loadLanes(weight + at, n))
    sumG = f32x4.add(sumG, g)
    sumGU = madd(g, u, sumGU)
    storeLanes(sums + at, madd(d, u, loadLanes(sums + at, n)), n)
    if (centred) storeLanes(sumsOfBias + at, f32x4.add(loadLanes(sumsOfBias + at, n), d), n)
  }
  const meanG = f32x4.splat(centred ? sumLanes(sumG) / <f32>D : <f32>0)
  const meanGU = f32x4.splat(sumLanes(sumGU) / <f32>D)
  for (j = 0; j + 8 <= D; j += 8) {
    const at = <usize>j << 2
    const u0 = f32x4.mul(f32x4.sub(v128.load(x + at), m), scale)
    const u1 = f32x4.mul(f32x4.sub(v128.load(x + at, 16), m), scale)
    const g0 = f32x4.mul(v128.load(dy + at), v128.load(weight + at))
    const g1 = f32x4.mul(v128.load(dy + at, 16), v128.load(weight + at, 16))
    const dx0 = f32x4.mul(nmadd(u0, meanGU, f32x4.sub(g0, meanG)), scale)
    const dx1 = f32x4.mul(nmadd(u1, meanGU, f32x4.sub(g1, meanG)), scale)
    v128.store(dx + at, dx0)
    v128.store(dx + at, dx1, 16)
  }
  for (; j < D; j += 4) {
    const n = D - j
    const at = <usize>j << 2
    const u = f32x4.mul(f32x4.sub(loadLanes(x + at, n), m), scale)
    const g = f32x4.mul(loadLanes(dy + at, n), loadLanes(weight + at, n))
    storeLanes(dx + at, f32x4.mul(nmadd(u, meanGU, f32x4.sub(g, meanG)), scale), n)
  }
}

function addRow(n: i32, row: usize, sums: usize): void {
  for (let j = 0; j < n; j += 4) {
    const at = <usize>j << 2
    storeLanes(sums + at, f32x4.add(loadLanes(sums + at, n - j), loadLanes(row + at, n - j)), n - j)
  }
}
