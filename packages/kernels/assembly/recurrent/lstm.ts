// LSTM over batch rows `begin` to `end`: the part of one thread, which needs no other thread's rows.
//
//   i, f, o = sigmoid(…), g = tanh(…), c' = f c + i g, h' = o tanh(c')

import { loadLanes, storeLanes } from '../memory/lanes'
import { sigmoidF32x4, tanhF32x4 } from '../math/math'
import { madd, nmadd } from '../math/simd'
import { firstTime, lengthOf, longest, RecurrentArguments, sequenceRow, stateRow, takeProjected, workRow } from './arguments'
import { timesRecurrent, timesRecurrentTransposed } from './product'

export function lstmForward(p: RecurrentArguments, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const T = longest(p, begin, end)
  for (let s = 0; s < T; s++) {
    const t = p.reverse != 0 ? T - 1 - s : s
    const h = stateRow(p, p.h, begin)
    takeProjected(p, t, begin, end)
    timesRecurrent(p, end - begin, 0, 4 * H, h, p.packed, workRow(p, begin, t), p.time * p.pitch, true, 0)
    for (let b = begin; b < end; b++) {
      if (t >= lengthOf(p, b)) continue
      lstmStep(H, workRow(p, b, t), stateRow(p, p.h, b), stateRow(p, p.c, b), sequenceRow(p, p.outputs, b, t))
    }
  }
}

/** One row: gates before their activation in `work`; new state, output and the values for the gradient out. */
function lstmStep(H: i32, work: usize, h: usize, c: usize, output: usize): void {
  const pitch = <usize>H << 2
  const forget = work + pitch
  const candidate = forget + pitch
  const out = candidate + pitch
  const kept = out + pitch
  const whole = <usize>(H & ~7) << 2
  let j: usize = 0
  // Two vectors side by side, loads before stores: what the engine can turn into one of twice the width.
  for (; j < whole; j += 32) {
    const i0 = sigmoidF32x4(v128.load(work + j))
    const i1 = sigmoidF32x4(v128.load(work + j, 16))
    const f0 = sigmoidF32x4(v128.load(forget + j))
    const f1 = sigmoidF32x4(v128.load(forget + j, 16))
    const g0 = tanhF32x4(v128.load(candidate + j))
    const g1 = tanhF32x4(v128.load(candidate + j, 16))
    const o0 = sigmoidF32x4(v128.load(out + j))
    const o1 = sigmoidF32x4(v128.load(out + j, 16))
    const cell0 = madd(f0, v128.load(c + j), f32x4.mul(i0, g0))
    const cell1 = madd(f1, v128.load(c + j, 16), f32x4.mul(i1, g1))
    const hidden0 = f32x4.mul(o0, tanhF32x4(cell0))
    const hidden1 = f32x4.mul(o1, tanhF32x4(cell1))
    v128.store(work + j, i0)
    v128.store(work + j, i1, 16)
    v128.store(forget + j, f0)
    v128.store(forget + j, f1, 16)
    v128.store(candidate + j, g0)
    v128.store(candidate + j, g1, 16)
    v128.store(out + j, o0)
    v128.store(out + j, o1, 16)
    v128.store(kept + j, cell0)
    v128.store(kept + j, cell1, 16)
    v128.store(c + j, cell0)
    v128.store(c + j, cell1, 16)
    v128.store(h + j, hidden0)
    v128.store(h + j, hidden1, 16)
    v128.store(output + j, hidden0)
    v128.store(output + j, hidden1, 16)
  }
  for (let left = H & 7; left > 0; left -= 4) {
    const i = sigmoidF32x4(loadLanes(work + j, left))
    const f = sigmoidF32x4(loadLanes(forget + j, left))
    const g = tanhF32x4(loadLanes(candidate + j, left))
    const o = sigmoidF32x4(loadLanes(out + j, left))
    const cell = madd(f, loadLanes(c + j, left), f32x4.mul(i, g))
    const hidden = f32x4.mul(o, tanhF32x4(cell))
    storeLanes(work + j, i, left)
    storeLanes(forget + j, f, left)
    storeLanes(candidate + j, g, left)
    storeLanes(out + j, o, left)
    storeLanes(kept + j, cell, left)
    storeLanes(c + j, cell, left)
    storeLanes(h + j, hidden, left)
    storeLanes(output + j, hidden, left)
    j += 16
  }
}

export function lstmBackward(p: RecurrentArguments, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const T = longest(p, begin, end)
  for (let s = T - 1; s >= 0; s--) {
    const t = p.reverse != 0 ? T - 1 - s : s
    for (let b = begin; b < end; b++) {
      if (t >= lengthOf(p, b)) continue
      const previous =
        t == firstTime(p, b)
          ? stateRow(p, p.c0, b)
          : workRow(p, b, p.reverse != 0 ? t + 1 : t - 1) + (<usize>(4 * H) << 2)
      const dOutput = sequenceRow(p, p.dOutputs, b, t)
      lstmStepBack(H, workRow(p, b, t), previous, dOutput, stateRow(p, p.h, b), stateRow(p, p.c, b))
    }
    const dh = stateRow(p, p.h, begin)
    timesRecurrentTransposed(p, end - begin, 0, 4 * H, workRow(p, begin, t), p.time * p.pitch, p.packed, dh)
  }
}

/** One row: the gates' gradients over the gates; dc of the step before in `dc`; `dh` cleared for the product to come. */
function lstmStepBack(H: i32, work: usize, previous: usize, dOutput: usize, dh: usize, dc: usize): void {
  const pitch = <usize>H << 2
  const forget = work + pitch
  const candidate = forget + pitch
  const out = candidate + pitch
  const kept = out + pitch
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  const whole = <usize>(H & ~7) << 2
  let j: usize = 0
  // Two vectors side by side, as in lstmStep.
  for (; j < whole; j += 32) {
    const i0 = v128.load(work + j)
    const i1 = v128.load(work + j, 16)
    const f0 = v128.load(forget + j)
    const f1 = v128.load(forget + j, 16)
    const g0 = v128.load(candidate + j)
    const g1 = v128.load(candidate + j, 16)
    const o0 = v128.load(out + j)
    const o1 = v128.load(out + j, 16)
    const squashed0 = tanhF32x4(v128.load(kept + j))
    const squashed1 = tanhF32x4(v128.load(kept + j, 16))
    const dHidden0 = f32x4.add(v128.load(dh + j), v128.load(dOutput + j))
    const dHidden1 = f32x4.add(v128.load(dh + j, 16), v128.load(dOutput + j, 16))
    const throughOutput0 = f32x4.mul(dHidden0, o0)
    const throughOutput1 = f32x4.mul(dHidden1, o1)
    const derivative0 = nmadd(squashed0, squashed0, one)
    const derivative1 = nmadd(squashed1, squashed1, one)
    const dCell0 = f32x4.add(v128.load(dc + j), f32x4.mul(throughOutput0, derivative0))
    const dCell1 = f32x4.add(v128.load(dc + j, 16), f32x4.mul(throughOutput1, derivative1))
    const throughInput0 = f32x4.mul(dCell0, i0)
    const throughInput1 = f32x4.mul(dCell1, i1)
    const dForget0 = f32x4.mul(f32x4.mul(dCell0, v128.load(previous + j)), f0)
    const dForget1 = f32x4.mul(f32x4.mul(dCell1, v128.load(previous + j, 16)), f1)
    v128.store(work + j, f32x4.mul(f32x4.mul(throughInput0, g0), f32x4.sub(one, i0)))
    v128.store(work + j, f32x4.mul(f32x4.mul(throughInput1, g1), f32x4.sub(one, i1)), 16)
    v128.store(forget + j, f32x4.mul(dForget0, f32x4.sub(one, f0)))
    v128.store(forget + j, f32x4.mul(dForget1, f32x4.sub(one, f1)), 16)
    v128.store(candidate + j, f32x4.mul(throughInput0, nmadd(g0, g0, one)))
    v128.store(candidate + j, f32x4.mul(throughInput1, nmadd(g1, g1, one)), 16)
    v128.store(out + j, f32x4.mul(f32x4.mul(throughOutput0, squashed0), f32x4.sub(one, o0)))
    v128.store(out + j, f32x4.mul(f32x4.mul(throughOutput1, squashed1), f32x4.sub(one, o1)), 16)
    v128.store(dc + j, f32x4.mul(dCell0, f0))
    v128.store(dc + j, f32x4.mul(dCell1, f1), 16)
    v128.store(dh + j, zero)
    v128.store(dh + j, zero, 16)
  }
  for (let left = H & 7; left > 0; left -= 4) {
    const i = loadLanes(work + j, left)
    const f = loadLanes(forget + j, left)
    const g = loadLanes(candidate + j, left)
    const o = loadLanes(out + j, left)
    const squashed = tanhF32x4(loadLanes(kept + j, left))
    const dHidden = f32x4.add(loadLanes(dh + j, left), loadLanes(dOutput + j, left))
    const throughOutput = f32x4.mul(dHidden, o)
    const dCell = f32x4.add(loadLanes(dc + j, left), f32x4.mul(throughOutput, nmadd(squashed, squashed, one)))
    const throughInput = f32x4.mul(dCell, i)
    const dForget = f32x4.mul(f32x4.mul(dCell, loadLanes(previous + j, left)), f)
    storeLanes(work + j, f32x4.mul(f32x4.mul(throughInput, g), f32x4.sub(one, i)), left)
    storeLanes(forget + j, f32x4.mul(dForget, f32x4.sub(one, f)), left)
    storeLanes(candidate + j, f32x4.mul(throughInput, nmadd(g, g, one)), left)
    storeLanes(out + j, f32x4.mul(f32x4.mul(throughOutput, squashed), f32x4.sub(one, o)), left)
    storeLanes(dc + j, f32x4.mul(dCell, f), left)
    storeLanes(dh + j, zero, left)
    j += 16
  }
}
