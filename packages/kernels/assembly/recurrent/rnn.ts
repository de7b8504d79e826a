// Elman RNN over batch rows `begin` to `end`: h' = tanh(x·W_i + b_i + h·W_h + b_h), or relu.

import { loadLanes, storeLanes } from '../memory/lanes'
import { tanhF32x4 } from '../math/math'
import { nmadd } from '../math/simd'
import { lengthOf, longest, RecurrentArguments, sequenceRow, stateRow, takeProjected, workRow } from './arguments'
import { timesRecurrent, timesRecurrentTransposed } from './product'

export function rnnForward(p: RecurrentArguments, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const T = longest(p, begin, end)
  for (let s = 0; s < T; s++) {
    const t = p.reverse != 0 ? T - 1 - s : s
    const h = stateRow(p, p.h, begin)
    takeProjected(p, t, begin, end)
    timesRecurrent(p, end - begin, 0, H, h, p.packed, workRow(p, begin, t), p.time * p.pitch, true, 0)
    for (let b = begin; b < end; b++) {
      if (t >= lengthOf(p, b)) continue
      rnnStep(H, p.relu != 0, workRow(p, b, t), stateRow(p, p.h, b), sequenceRow(p, p.outputs, b, t))
    }
  }
}

function rnnStep(H: i32, relu: bool, work: usize, h: usize, output: usize): void {
  const zero = f32x4.splat(0)
  for (let j = 0; j < H; j += 4) {
    const n = H - j
    const sum = loadLanes(work, n)
    // pmax in this order returns NaN when the sum is NaN.
    const hidden = relu ? f32x4.pmax(sum, zero) : tanhF32x4(sum)
    storeLanes(work, hidden, n)
    storeLanes(h, hidden, n)
    storeLanes(output, hidden, n)
    work += 16
    h += 16
    output += 16
  }
}

export function rnnBackward(p: RecurrentArguments, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const T = longest(p, begin, end)
  for (let s = T - 1; s >= 0; s--) {
    const t = p.reverse != 0 ? T - 1 - s : s
    for (let b = begin; b < end; b++) {
      if (t >= lengthOf(p, b)) continue
      rnnStepBack(H, p.relu != 0, workRow(p, b, t), sequenceRow(p, p.dOutputs, b, t), stateRow(p, p.h, b))
    }
    const dh = stateRow(p, p.h, begin)
    timesRecurrentTransposed(p, end - begin, 0, H, workRow(p, begin, t), p.time * p.pitch, p.packed, dh)
  }
}

function rnnStepBack(H: i32, relu: bool, work: usize, dOutput: usize, dh: usize): void {
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (let j = 0; j < H; j += 4) {
    const n = H - j
    const hidden = loadLanes(work, n)
    const dHidden = f32x4.add(loadLanes(dh, n), loadLanes(dOutput, n))
    const slope = relu ? v128.and(one, f32x4.gt(hidden, zero)) : nmadd(hidden, hidden, one)
    storeLanes(work, f32x4.mul(dHidden, slope), n)
    storeLanes(dh, zero, n)
    work += 16
    dOutput += 16
    dh += 16
  }
}
