// Softmax cross-entropy of integer labels. One pass over the exponentials gives the loss and, where it is wanted, its
// gradient: (softmax(z) - q) scale with q = (1 - ε) onehot(label) + ε / C.

import { CROSS_ENTROPY_ROWS } from '../generated/job-ids'
import { at } from '../memory/address'
import { exponentials } from '../math/exponentials'
import { loadLanes, storeLanes } from '../memory/lanes'
import { logF32 } from '../math/log'
import { expF32x4 } from '../math/math'
import { extreme, Reduction, sum } from './reduce'
import { madd, sumLanes } from '../math/simd'
import { parallelFor, threadCount } from '../threads/threads'

@unmanaged
export class CrossEntropyArguments {
  rows: i32
  classes: i32
  /** [N, C] */
  logits: usize
  /** [N] */
  labels: usize
  /** [N], written. */
  losses: usize
  /** [N, C], written; or 0. */
  gradient: usize = 0
  ignoreIndex: i32
  smoothing: f32
  /** Factor of the gradient. */
  scale: f32
}

/** @entry Fills `losses` and `gradient`, and returns the sum of the losses. */
export function crossEntropy(p: CrossEntropyArguments): f64 {
  const parallel = <i64>p.rows * p.classes > 16384
  const grain = parallel ? max(1, (p.rows + 4 * threadCount - 1) / (4 * threadCount)) : p.rows
  parallelFor(CROSS_ENTROPY_ROWS, changetype<usize>(p), p.rows, grain)
  let total: f64 = 0
  for (let i = 0; i < p.rows; i++) total += <f64>f32.load(p.losses + (<usize>i << 2))
  return total
}

/** @job */
export function crossEntropyRows(p: CrossEntropyArguments, begin: i32, end: i32): void {
  const C = p.classes
  const pitch = <usize>C << 2
  for (let i = begin; i < end; i++) {
    const label = i32.load(p.labels + (<usize>i << 2))
    const logits = p.logits + <usize>i * pitch
    const gradient = p.gradient == 0 ? <usize>0 : p.gradient + <usize>i * pitch
    let loss: f32 = 0
    if (label == p.ignoreIndex) {
      if (gradient != 0) memory.fill(gradient, 0, pitch)
    } else loss = rowLoss(C, logits, label, p.smoothing, gradient, p.scale)
    f32.store(p.losses + (<usize>i << 2), loss)
  }
}

function rowLoss(C: i32, logits: usize, label: i32, smoothing: f32, gradient: usize, scale: f32): f32 {
  const largest = extreme(logits, C, Reduction.MAX)
  const total = gradient != 0 ? exponentials(logits, gradient, C, 1, largest) : sumOfExponentials(C, logits, largest)
  const labeled = (<f32>1 - smoothing) * (largest - f32.load(at(logits, label)))
  let spread: f32 = 0
  if (smoothing != 0) spread = smoothing * (largest - sum(logits, C) / <f32>C)
  if (gradient != 0) {
    scaleAndLower(C, gradient, scale / total, (scale * smoothing) / <f32>C)
    f32.store(at(gradient, label), f32.load(at(gradient, label)) - scale * (<f32>1 - smoothing))
  }
  return logF32(total) + labeled + spread
}

/** Σ exp(z - largest), in the order of `exponentials`. */
function sumOfExponentials(C: i32, logits: usize, largest: f32): f32 {
  const shift = f32x4.splat(largest)
  let s0 = f32x4.splat(0)
  let s1 = s0
  let j = 0
  for (; j + 8 <= C; j += 8) {
    s0 = f32x4.add(s0, expF32x4(f32x4.sub(v128.load(at(logits, j)), shift)))
    s1 = f32x4.add(s1, expF32x4(f32x4.sub(v128.load(at(logits, j), 16), shift)))
  }
  let total = sumLanes(f32x4.add(s0, s1))
  for (; j < C; j++) {
    total += f32x4.extract_lane(expF32x4(f32x4.splat(f32.load(at(logits, j)) - largest)), 0)
  }
  return total
}

/** x = x factor - offset */
function scaleAndLower(n: i32, x: usize, factor: f32, offset: f32): void {
  const f = f32x4.splat(factor)
  const o = f32x4.splat(-offset)
  let j = 0
  for (; j + 8 <= n; j += 8) {
    const x0 = madd(v128.load(at(x, j)), f, o)
    const x1 = madd(v128.load(at(x, j), 16), f, o)
    v128.store(at(x, j), x0)
    v128.store(at(x, j), x1, 16)
  }
  for (; j < n; j += 4) storeLanes(at(x, j), madd(loadLanes(at(x, j), n - j), f, o), n - j)
}
