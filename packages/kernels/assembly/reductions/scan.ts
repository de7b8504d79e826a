// Running sums along the middle dimension of x[outer, length, inner].

import { at } from '../memory/address'

/** @entry y[o, t, i] = x[o, 0, i] + … + x[o, t, i]; `exclusive` leaves x[o, t, i] out; `reverse` runs from the end. */
export function cumulativeSum(
  x: usize,
  y: usize,
  outer: i32,
  length: i32,
  inner: i32,
  exclusive: bool,
  reverse: bool,
  integers: bool,
): void {
  const bytes = <usize>inner << 2
  for (let o = 0; o < outer; o++) {
    for (let step = 0; step < length; step++) {
      const t = reverse ? length - 1 - step : step
      const row = (o * length + t) * inner
      if (step == 0) {
        if (exclusive) memory.fill(at(y, row), 0, bytes)
        else memory.copy(at(y, row), at(x, row), bytes)
        continue
      }
      const before = reverse ? row + inner : row - inner
      addRows(bytes, at(y, before), at(x, exclusive ? before : row), at(y, row), integers)
    }
  }
}

function addRows(bytes: usize, a: usize, b: usize, sum: usize, integers: bool): void {
  let i: usize = 0
  if (integers) {
    for (; i + 16 <= bytes; i += 16) v128.store(sum + i, i32x4.add(v128.load(a + i), v128.load(b + i)))
    for (; i < bytes; i += 4) i32.store(sum + i, i32.load(a + i) + i32.load(b + i))
  } else {
    for (; i + 16 <= bytes; i += 16) v128.store(sum + i, f32x4.add(v128.load(a + i), v128.load(b + i)))
    for (; i < bytes; i += 4) f32.store(sum + i, f32.load(a + i) + f32.load(b + i))
  }
}
