// Reductions over a row of floats, with several sums at once so that additions do not wait for each other. The order of
// the additions depends on the row's length alone.

import { loadLanes } from './lanes'
import { madd, maxLanes, sumLanes } from './simd'

/** The sum of n floats. */
export function sumRow(x: usize, n: i32): f32 {
  let s0 = f32x4.splat(0)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  let j = 0
  for (; j + 16 <= n; j += 16) {
    s0 = f32x4.add(s0, v128.load(x))
    s1 = f32x4.add(s1, v128.load(x, 16))
    s2 = f32x4.add(s2, v128.load(x, 32))
    s3 = f32x4.add(s3, v128.load(x, 48))
    x += 64
  }
  for (; j < n; j += 4) {
    s0 = f32x4.add(s0, loadLanes(x, n - j))
    x += 16
  }
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)))
}

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

/** The largest of n >= 1 floats; NaN only if all that it compares with are NaN. */
export function maxRow(x: usize, n: i32): f32 {
  let largest = f32.load(x)
  let j = 0
  if (n >= 16) {
    let m0 = v128.load(x)
    let m1 = v128.load(x, 16)
    let m2 = v128.load(x, 32)
    let m3 = v128.load(x, 48)
    for (j = 16; j + 16 <= n; j += 16) {
      x += 64
      m0 = f32x4.pmax(m0, v128.load(x))
      m1 = f32x4.pmax(m1, v128.load(x, 16))
      m2 = f32x4.pmax(m2, v128.load(x, 32))
      m3 = f32x4.pmax(m3, v128.load(x, 48))
    }
    x += 64
    largest = maxLanes(f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3)))
  }
  for (; j < n; j++) {
    largest = max(largest, f32.load(x))
    x += 4
  }
  return largest
}
