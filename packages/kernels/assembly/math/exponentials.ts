// The exponentials of a row and their sum.

import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { expF32x4 } from './math'
import { madd, sumLanes } from './simd'

/** y = exp(scale x - shift) over n floats, and their sum; x and y may be the same memory. */
export function exponentials(x: usize, y: usize, n: i32, scale: f32, shift: f32): f32 {
  const factor = f32x4.splat(scale)
  const offset = f32x4.splat(-shift)
  let s0 = f32x4.splat(0)
  let s1 = s0
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const e0 = expF32x4(madd(v128.load(at(x, j)), factor, offset))
    const e1 = expF32x4(madd(v128.load(at(x, j), 16), factor, offset))
    v128.store(at(y, j), e0)
    v128.store(at(y, j), e1, 16)
    s0 = f32x4.add(s0, e0)
    s1 = f32x4.add(s1, e1)
  }
  let sum = sumLanes(f32x4.add(s0, s1))
  for (; j < n; j += 4) {
    const e = expF32x4(madd(loadLanes(at(x, j), n - j), factor, offset))
    storeLanes(at(y, j), e, n - j)
    for (let i = j; i < min(n, j + 4); i++) sum += f32.load(at(y, i))
  }
  return sum
}

/** x = factor x over n floats. */
export function scaleRow(x: usize, n: i32, factor: f32): void {
  const f = f32x4.splat(factor)
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const x0 = f32x4.mul(v128.load(at(x, j)), f)
    const x1 = f32x4.mul(v128.load(at(x, j), 16), f)
    v128.store(at(x, j), x0)
    v128.store(at(x, j), x1, 16)
  }
  for (; j < n; j += 4) storeLanes(at(x, j), f32x4.mul(loadLanes(at(x, j), n - j), f), n - j)
}
