// Reductions over a row of floats, with several sums at once so that additions do not wait for each other. The order of
// the additions depends on the row's length alone.

import { loadLanes, storeLanes } from '../memory/lanes'
import { madd, sumLanes } from './simd'

/** The sum of the squares of n floats after `shift` is taken away. */
export function sumSquaresRow(x: usize, n: i32, shift: f32): f32 {
  const mean = f32x4.splat(shift)
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let j = 0
  for (; j + 16 <= n; j += 16) {
    const x0 = f32x4.sub(v128.load(x), mean)
    const x1 = f32x4.sub(v128.load(x, 16), mean)
    const x2 = f32x4.sub(v128.load(x, 32), mean)
    const x3 = f32x4.sub(v128.load(x, 48), mean)
    s0 = madd(x0, x0, s0)
    s1 = madd(x1, x1, s1)
    s2 = madd(x2, x2, s2)
    s3 = madd(x3, x3, s3)
    x += 64
  }
  let sum = sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
  const whole = n & ~3
  for (; j < whole; j += 4) {
    const x0 = f32x4.sub(v128.load(x), mean)
    sum += sumLanes(f32x4.mul(x0, x0))
    x += 16
  }
  for (; j < n; j++) {
    const difference = f32.load(x) - shift
    sum += difference * difference
    x += 4
  }
  return sum
}

/** Σ a b over n floats. */
export function dotRow(a: usize, b: usize, n: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let j = 0
  for (; j + 16 <= n; j += 16) {
    s0 = madd(v128.load(a), v128.load(b), s0)
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1)
    s2 = madd(v128.load(a, 32), v128.load(b, 32), s2)
    s3 = madd(v128.load(a, 48), v128.load(b, 48), s3)
    a += 64
    b += 64
  }
  for (; j < n; j += 4) {
    s0 = madd(loadLanes(a, n - j), loadLanes(b, n - j), s0)
    a += 16
    b += 16
  }
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
}

/** y = y + factor x over n floats. */
export function addScaledRow(y: usize, x: usize, factor: f32, n: i32): void {
  const f = f32x4.splat(factor)
  for (let j = 0; j < n; j += 4) {
    storeLanes(y, madd(loadLanes(x, n - j), f, loadLanes(y, n - j)), n - j)
    x += 16
    y += 16
  }
}
