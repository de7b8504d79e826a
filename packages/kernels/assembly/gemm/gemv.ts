// Y[M, N] (+)= X[M, K] B[K, N] for very few rows M, without packing: B is read once, in the order in which it lies in memory,
// so that the product runs at the speed of the memory.

import { madd, sumLanes } from '../math/simd'

// Columns whose sums are kept in the first-level cache while rows stream by.
// @ts-ignore: decorator
@inline const COLUMNS: i32 = 2048

// From four rows on, packing B pays.
// @ts-ignore: decorator
@inline const MOST_ROWS: i32 = 3

/** Whether `gemv` is the better choice: few rows, and a B with a stride of 1. */
export function gemvFits(m: i32, bRow: i32, bColumn: i32): bool {
  return m <= MOST_ROWS && (bRow == 1 || bColumn == 1)
}

/** Strides in elements; the columns of Y are contiguous. */
export function gemv(
  m: i32,
  n: i32,
  k: i32,
  x: usize,
  xRow: i32,
  xStep: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  y: usize,
  yRow: i32,
  accumulate: bool,
): void {
  const xRowBytes = <usize>xRow << 2
  const yRowBytes = <usize>yRow << 2
  if (bColumn == 1) {
    for (let j = 0; j < n; j += COLUMNS) {
      const at = <usize>j << 2
      const bytes = <usize>min(COLUMNS, n - j) << 2
      if (!accumulate) for (let r = 0; r < m; r++) memory.fill(y + <usize>r * yRowBytes + at, 0, bytes)
      streamRows(m, bytes, k, x, xRowBytes, <usize>xStep << 2, b + at, <usize>bRow << 2, y + at, yRowBytes)
    }
  } else {
    dotColumns(m, n, k, x, xRowBytes, <usize>xStep << 2, b, <usize>bColumn << 2, y, yRowBytes, accumulate)
  }
}

/**
 * B's rows are contiguous: y += x[p] B[p, :]. For a single row of X they follow each other, since one long stream comes from
 * memory up to twice as fast as eight short ones; for more rows eight at a time share the passes over Y. The sums are the same.
 */
function streamRows(
  m: i32,
  bytes: usize,
  k: i32,
  x: usize,
  xRow: usize,
  xStep: usize,
  b: usize,
  rowBytes: usize,
  y: usize,
  yRow: usize,
): void {
  let p = 0
  for (; m > 1 && p + 8 <= k; p += 8) {
    for (let r: usize = 0; r < <usize>m; r++) addRows8(bytes, x + r * xRow, xStep, b, rowBytes, y + r * yRow)
    b += rowBytes << 3
    x += xStep << 3
  }
  for (; p < k; p++) {
    for (let r: usize = 0; r < <usize>m; r++) addRow(bytes, f32.load(x + r * xRow), b, y + r * yRow)
    b += rowBytes
    x += xStep
  }
}

function addRows8(bytes: usize, x: usize, xStep: usize, b0: usize, rowBytes: usize, y: usize): void {
  const b1 = b0 + rowBytes
  const b2 = b1 + rowBytes
  const b3 = b2 + rowBytes
  const b4 = b3 + rowBytes
  const b5 = b4 + rowBytes
  const b6 = b5 + rowBytes
  const b7 = b6 + rowBytes
  const x0 = v128.load32_splat(x)
  const x1 = v128.load32_splat((x += xStep))
  const x2 = v128.load32_splat((x += xStep))
  const x3 = v128.load32_splat((x += xStep))
  const x4 = v128.load32_splat((x += xStep))
  const x5 = v128.load32_splat((x += xStep))
  const x6 = v128.load32_splat((x += xStep))
  const x7 = v128.load32_splat((x += xStep))
  const paired = bytes & ~31
  let j: usize = 0
  for (; j < paired; j += 32) {
    let s = v128.load(y + j)
    let t = v128.load(y + j, 16)
    s = madd(x0, v128.load(b0 + j), s)
    t = madd(x0, v128.load(b0 + j, 16), t)
    s = madd(x1, v128.load(b1 + j), s)
    t = madd(x1, v128.load(b1 + j, 16), t)
    s = madd(x2, v128.load(b2 + j), s)
    t = madd(x2, v128.load(b2 + j, 16), t)
    s = madd(x3, v128.load(b3 + j), s)
    t = madd(x3, v128.load(b3 + j, 16), t)
    s = madd(x4, v128.load(b4 + j), s)
    t = madd(x4, v128.load(b4 + j, 16), t)
    s = madd(x5, v128.load(b5 + j), s)
    t = madd(x5, v128.load(b5 + j, 16), t)
    s = madd(x6, v128.load(b6 + j), s)
    t = madd(x6, v128.load(b6 + j, 16), t)
    s = madd(x7, v128.load(b7 + j), s)
    t = madd(x7, v128.load(b7 + j, 16), t)
    v128.store(y + j, s)
    v128.store(y + j, t, 16)
  }
  for (; j < bytes; j += 4) {
    let s = v128.load32_zero(y + j)
    s = madd(x0, v128.load32_zero(b0 + j), s)
    s = madd(x1, v128.load32_zero(b1 + j), s)
    s = madd(x2, v128.load32_zero(b2 + j), s)
    s = madd(x3, v128.load32_zero(b3 + j), s)
    s = madd(x4, v128.load32_zero(b4 + j), s)
    s = madd(x5, v128.load32_zero(b5 + j), s)
    s = madd(x6, v128.load32_zero(b6 + j), s)
    s = madd(x7, v128.load32_zero(b7 + j), s)
    v128.store32_lane(y + j, s, 0)
  }
}

function addRow(bytes: usize, x: f32, b: usize, y: usize): void {
  const xs = f32x4.splat(x)
  let j: usize = 0
  for (; j + 64 <= bytes; j += 64) {
    v128.store(y + j, madd(xs, v128.load(b + j), v128.load(y + j)))
    v128.store(y + j, madd(xs, v128.load(b + j, 16), v128.load(y + j, 16)), 16)
    v128.store(y + j, madd(xs, v128.load(b + j, 32), v128.load(y + j, 32)), 32)
    v128.store(y + j, madd(xs, v128.load(b + j, 48), v128.load(y + j, 48)), 48)
  }
  for (; j + 16 <= bytes; j += 16) v128.store(y + j, madd(xs, v128.load(b + j), v128.load(y + j)))
  for (; j < bytes; j += 4) v128.store32_lane(y + j, madd(xs, v128.load32_zero(b + j), v128.load32_zero(y + j)), 0)
}

/** B's columns are contiguous: dot products, four columns at a time. */
function dotColumns(
  m: i32,
  n: i32,
  k: i32,
  x: usize,
  xRow: usize,
  xStep: usize,
  b: usize,
  columnBytes: usize,
  y: usize,
  yRow: usize,
  accumulate: bool,
): void {
  let j = 0
  if (xStep == 4) {
    for (; j + 4 <= n; j += 4) {
      for (let r: usize = 0; r < <usize>m; r++) {
        const sums = dot4(k, x + r * xRow, b, columnBytes)
        v128.store(y + r * yRow, accumulate ? f32x4.add(v128.load(y + r * yRow), sums) : sums)
      }
      b += columnBytes << 2
      y += 16
    }
  }
  for (; j < n; j++) {
    for (let r: usize = 0; r < <usize>m; r++) {
      const sum = xStep == 4 ? dot(k, x + r * xRow, b) : dotStep(k, x + r * xRow, xStep, b)
      f32.store(y + r * yRow, accumulate ? f32.load(y + r * yRow) + sum : sum)
    }
    b += columnBytes
    y += 4
  }
}

/** Four dot products; each is summed in four lanes, then across them, then over the tail: as in `dot`. */
function dot4(k: i32, x: usize, b0: usize, columnBytes: usize): v128 {
  let b1 = b0 + columnBytes
  let b2 = b1 + columnBytes
  let b3 = b2 + columnBytes
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let p = 0
  for (; p + 4 <= k; p += 4) {
    const xs = v128.load(x)
    s0 = madd(xs, v128.load(b0), s0)
    s1 = madd(xs, v128.load(b1), s1)
    s2 = madd(xs, v128.load(b2), s2)
    s3 = madd(xs, v128.load(b3), s3)
    x += 16
    b0 += 16
    b1 += 16
    b2 += 16
    b3 += 16
  }
  let t0 = sumLanes(s0)
  let t1 = sumLanes(s1)
  let t2 = sumLanes(s2)
  let t3 = sumLanes(s3)
  for (; p < k; p++) {
    const xp = f32.load(x)
    t0 += xp * f32.load(b0)
    t1 += xp * f32.load(b1)
    t2 += xp * f32.load(b2)
    t3 += xp * f32.load(b3)
    x += 4
    b0 += 4
    b1 += 4
    b2 += 4
    b3 += 4
  }
  return f32x4(t0, t1, t2, t3)
}

function dot(k: i32, x: usize, b: usize): f32 {
  let s = f32x4.splat(0)
  let p = 0
  for (; p + 4 <= k; p += 4) {
    s = madd(v128.load(x), v128.load(b), s)
    x += 16
    b += 16
  }
  let t = sumLanes(s)
  for (; p < k; p++) {
    t += f32.load(x) * f32.load(b)
    x += 4
    b += 4
  }
  return t
}

function dotStep(k: i32, x: usize, xStep: usize, b: usize): f32 {
  let t: f32 = 0
  for (let p = 0; p < k; p++) {
    t += f32.load(x) * f32.load(b)
    x += xStep
    b += 4
  }
  return t
}
