// Sums, means and largest or smallest elements along one dimension of x[outer, length, inner].

import { REDUCE_PART } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { maxLanes, sumLanes } from '../math/simd'
import { parallelFor } from '../threads/threads'

export const enum Reduction {
  SUM = 0,
  MAX = 1,
  MIN = 2,
}

// Elements of a sum that are added into the same lanes; sums of blocks are added pairwise, so that the error of a long sum
// grows with the logarithm of its length.
// @ts-ignore: decorator
@inline const BLOCK: i32 = 1024
// @ts-ignore: decorator
@inline const PART: i32 = 16384

@unmanaged
export class ReduceArguments {
  /** Of `Reduction`. */
  operation: i32
  x: usize
  y: usize
  outer: i32
  length: i32
  inner: i32
  /** Factor of the result: 1 / length for a mean. */
  scale: f32
}

/** @entry */
export function reduce(p: ReduceArguments): void {
  if (p.inner == 1 || p.outer > 1) parallelFor(REDUCE_PART, changetype<usize>(p), p.outer, max(1, PART / (p.length * p.inner)))
  else {
    // One owner a column, in groups of 16; at least eight groups a part, so that a row is read in long pieces.
    const groups = (p.inner + 15) >> 4
    parallelFor(REDUCE_PART, changetype<usize>(p), groups, max(8, PART / (p.length << 4)))
  }
}

/** @job Rows `begin` to `end` of `outer`; or, where there is only one, groups of 16 columns. */
export function reducePart(p: ReduceArguments, begin: i32, end: i32): void {
  if (p.inner == 1) {
    for (let o = begin; o < end; o++) {
      const x = at(p.x, o * p.length)
      f32.store(at(p.y, o), p.operation == Reduction.SUM ? sum(x, p.length) * p.scale : extreme(x, p.length, p.operation))
    }
  } else if (p.outer > 1) {
    const size = p.length * p.inner
    for (let o = begin; o < end; o++) columns(p, at(p.x, o * size), at(p.y, o * p.inner), p.inner)
  } else {
    const first = begin << 4
    columns(p, at(p.x, first), at(p.y, first), min(p.inner, end << 4) - first)
  }
}

/** The sum of n floats that lie side by side. */
export function sum(x: usize, n: i32): f32 {
  if (n <= BLOCK) return sumBlock(x, n)
  const half = (((n + BLOCK - 1) / BLOCK) >> 1) * BLOCK
  return sum(x, half) + sum(at(x, half), n - half)
}

function sumBlock(x: usize, n: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = f32x4.splat(0)
  let s2 = f32x4.splat(0)
  let s3 = f32x4.splat(0)
  let i = 0
  for (; i + 16 <= n; i += 16) {
    s0 = f32x4.add(s0, v128.load(at(x, i)))
    s1 = f32x4.add(s1, v128.load(at(x, i), 16))
    s2 = f32x4.add(s2, v128.load(at(x, i), 32))
    s3 = f32x4.add(s3, v128.load(at(x, i), 48))
  }
  for (; i < n; i += 4) s0 = f32x4.add(s0, loadLanes(at(x, i), n - i))
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
}

/** The largest or smallest of n >= 1 floats; NaN if there is one. */
export function extreme(x: usize, n: i32, operation: i32): f32 {
  // The smallest is the largest of the negated, negated.
  const sign = f32x4.splat(operation == Reduction.MAX ? 1 : -1)
  const start = f32x4.splat(-Infinity)
  let m0 = start
  let m1 = start
  let nan = f32x4.splat(0)
  let i = 0
  for (; i + 8 <= n; i += 8) {
    const a = f32x4.mul(v128.load(at(x, i)), sign)
    const b = f32x4.mul(v128.load(at(x, i), 16), sign)
    m0 = f32x4.pmax(m0, a)
    m1 = f32x4.pmax(m1, b)
    nan = v128.or(nan, v128.or(f32x4.ne(a, a), f32x4.ne(b, b)))
  }
  let largest = maxLanes(f32x4.pmax(m0, m1))
  if (v128.any_true(nan)) return NaN
  for (; i < n; i++) largest = max(largest, f32.load(at(x, i)) * (operation == Reduction.MAX ? <f32>1 : <f32>-1))
  return operation == Reduction.MAX ? largest : -largest
}

/** n columns of `length` rows that are `inner` apart. */
function columns(p: ReduceArguments, x: usize, y: usize, n: i32): void {
  if (p.operation == Reduction.SUM) return sumColumns(p, x, y, n)
  let j = 0
  for (; j + 16 <= n; j += 16) columns16(p, at(x, j), at(y, j))
  for (; j < n; j += 4) columns4(p, at(x, j), at(y, j), n - j)
}

/** y += four rows at a time: rows are read from end to end, as the memory likes it, and y stays in the cache. */
function sumColumns(p: ReduceArguments, x: usize, y: usize, n: i32): void {
  const pitch = <usize>p.inner << 2
  memory.fill(y, 0, <usize>n << 2)
  let t = 0
  for (; t + 4 <= p.length; t += 4) {
    addRows4(x, x + pitch, x + 2 * pitch, x + 3 * pitch, y, n)
    x += pitch << 2
  }
  for (; t < p.length; t++) {
    for (let j = 0; j < n; j += 4) {
      storeLanes(at(y, j), f32x4.add(loadLanes(at(y, j), n - j), loadLanes(at(x, j), n - j)), n - j)
    }
    x += pitch
  }
  if (p.scale != 1) {
    const scale = f32x4.splat(p.scale)
    for (let j = 0; j < n; j += 4) storeLanes(at(y, j), f32x4.mul(loadLanes(at(y, j), n - j), scale), n - j)
  }
}

function addRows4(a: usize, b: usize, c: usize, d: usize, y: usize, n: i32): void {
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const ab = f32x4.add(v128.load(at(a, j)), v128.load(at(b, j)))
    const ab2 = f32x4.add(v128.load(at(a, j), 16), v128.load(at(b, j), 16))
    const cd = f32x4.add(v128.load(at(c, j)), v128.load(at(d, j)))
    const cd2 = f32x4.add(v128.load(at(c, j), 16), v128.load(at(d, j), 16))
    const sum = f32x4.add(v128.load(at(y, j)), f32x4.add(ab, cd))
    const sum2 = f32x4.add(v128.load(at(y, j), 16), f32x4.add(ab2, cd2))
    v128.store(at(y, j), sum)
    v128.store(at(y, j), sum2, 16)
  }
  for (; j < n; j += 4) {
    const left = n - j
    const ab = f32x4.add(loadLanes(at(a, j), left), loadLanes(at(b, j), left))
    const cd = f32x4.add(loadLanes(at(c, j), left), loadLanes(at(d, j), left))
    storeLanes(at(y, j), f32x4.add(loadLanes(at(y, j), left), f32x4.add(ab, cd)), left)
  }
}

function columns16(p: ReduceArguments, x: usize, y: usize): void {
  const pitch = <usize>p.inner << 2
  let r0 = v128.load(x)
  let r1 = v128.load(x, 16)
  let r2 = v128.load(x, 32)
  let r3 = v128.load(x, 48)
  for (let t = 1; t < p.length; t++) {
    x += pitch
    r0 = further(r0, v128.load(x), p.operation)
    r1 = further(r1, v128.load(x, 16), p.operation)
    r2 = further(r2, v128.load(x, 32), p.operation)
    r3 = further(r3, v128.load(x, 48), p.operation)
  }
  v128.store(y, r0)
  v128.store(y, r1, 16)
  v128.store(y, r2, 32)
  v128.store(y, r3, 48)
}

function columns4(p: ReduceArguments, x: usize, y: usize, n: i32): void {
  const pitch = <usize>p.inner << 2
  let r = loadLanes(x, n)
  for (let t = 1; t < p.length; t++) {
    x += pitch
    r = further(r, loadLanes(x, n), p.operation)
  }
  storeLanes(y, r, n)
}

/** The larger or smaller of two; NaN if one is. */
// @ts-ignore: decorator
@inline
function further(a: v128, b: v128, operation: i32): v128 {
  return operation == Reduction.MAX ? f32x4.max(a, b) : f32x4.min(a, b)
}
