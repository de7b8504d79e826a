// softmax along the rows of x[rows, length].

import { SOFTMAX_ROWS } from '../generated/job-ids'
import { at } from '../memory/address'
import { loadLanes, storeLanes } from '../memory/lanes'
import { expF32x4 } from '../math/math'
import { extreme, sum } from './reduce'
import { parallelFor } from '../threads/threads'

@unmanaged
export class SoftmaxArguments {
  x: usize
  y: usize
  rows: i32
  length: i32
}

/** @entry */
export function softmax(p: SoftmaxArguments): void {
  parallelFor(SOFTMAX_ROWS, changetype<usize>(p), p.rows, max(1, 4096 / max(1, p.length)))
}

/** @job */
export function softmaxRows(p: SoftmaxArguments, begin: i32, end: i32): void {
  for (let r = begin; r < end; r++) softmaxRow(at(p.x, r * p.length), at(p.y, r * p.length), p.length)
}

/** y = e^(x - max x) / sum of the same, for n >= 1 floats; x and y may be the same memory. */
export function softmaxRow(x: usize, y: usize, n: i32): void {
  const largest = f32x4.splat(extreme(x, n, 1))
  let i = 0
  for (; i + 8 <= n; i += 8) {
    const first = expF32x4(f32x4.sub(v128.load(at(x, i)), largest))
    const second = expF32x4(f32x4.sub(v128.load(at(x, i), 16), largest))
    v128.store(at(y, i), first)
    v128.store(at(y, i), second, 16)
  }
  for (; i < n; i += 4) storeLanes(at(y, i), expF32x4(f32x4.sub(loadLanes(at(x, i), n - i), largest)), n - i)
  const scale = f32x4.splat(<f32>1 / sum(y, n))
  for (i = 0; i + 8 <= n; i += 8) {
    v128.store(at(y, i), f32x4.mul(v128.load(at(y, i)), scale))
    v128.store(at(y, i), f32x4.mul(v128.load(at(y, i), 16), scale), 16)
  }
  for (; i < n; i += 4) storeLanes(at(y, i), f32x4.mul(loadLanes(at(y, i), n - i), scale), n - i)
}
