// Attention of one query over steps whose keys lie anywhere.

import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { dotRow } from '../math/row-math'
import { madd } from '../math/simd'
import { softmaxRow } from '../reductions/softmax'

/**
 * weights = softmax(scale·query·keys + bias), out = weights·values, for `steps` >= 1 keys of K floats.
 *
 * @param list addresses of the keys; each value lies `toValues` bytes behind its key
 * @param bias a number for each step, or 0
 * @param weights becomes the weights
 */
export function attendSteps(
  steps: i32,
  K: i32,
  query: usize,
  list: usize,
  toValues: usize,
  scale: f32,
  bias: usize,
  weights: usize,
  out: usize,
): void {
  for (let s = 0; s < steps; s++) {
    let score = scale * dotRow(query, <usize>i32.load(at(list, s)), K)
    if (bias != 0) score += f32.load(at(bias, s))
    f32.store(at(weights, s), score)
  }
  softmaxRow(weights, weights, steps)
  let j = 0
  for (; j + 16 <= K; j += 16) {
    let sum0 = f32x4.splat(0)
    let sum1 = sum0
    let sum2 = sum0
    let sum3 = sum0
    const offset = toValues + (<usize>j << 2)
    for (let s = 0; s < steps; s++) {
      const weight = v128.load32_splat(at(weights, s))
      const row = <usize>i32.load(at(list, s)) + offset
      sum0 = madd(weight, v128.load(row), sum0)
      sum1 = madd(weight, v128.load(row, 16), sum1)
      sum2 = madd(weight, v128.load(row, 32), sum2)
      sum3 = madd(weight, v128.load(row, 48), sum3)
    }
    v128.store(at(out, j), sum0)
    v128.store(at(out, j), sum1, 16)
    v128.store(at(out, j), sum2, 32)
    v128.store(at(out, j), sum3, 48)
  }
  for (; j < K; j += 4) {
    let total = f32x4.splat(0)
    const offset = toValues + (<usize>j << 2)
    for (let s = 0; s < steps; s++) {
      const row = <usize>i32.load(at(list, s)) + offset
      total = madd(v128.load32_splat(at(weights, s)), loadLanes(row, K - j), total)
    }
    storeLanes(at(out, j), total, K - j)
  }
}

/** Turns the pairs (i, i + rotated/2) of a query or key. */
export function rotate(rotated: i32, cosines: usize, sines: usize, x: usize): void {
  const half = rotated / 2
  for (let i = 0; i < half; i++) {
    const cos = f32.load(at(cosines, i))
    const sin = f32.load(at(sines, i))
    const first = f32.load(at(x, i))
    const second = f32.load(at(x, i + half))
    f32.store(at(x, i), first * cos - second * sin)
    f32.store(at(x, i + half), second * cos + first * sin)
  }
}
