// GRU over batch rows `begin` to `end`: the part of one thread, which needs no other thread's rows.
//
//   r, z = sigmoid(…), n = tanh(x·W_in + b_in + r q), q = h·W_hn + b_hn, h' = (1 - z) n + z h

import { loadLanes, storeLanes } from '../memory/lanes'
import { sigmoidF32x4, tanhF32x4 } from '../math/math'
import { madd, nmadd } from '../math/simd'
import { firstTime, lengthOf, longest, RecurrentArguments, sequenceRow, stateRow, takeProjected, workRow } from './arguments'
import { timesRecurrent, timesRecurrentTransposed } from './product'

export function gruForward(p: RecurrentArguments, begin: i32, end: i32): void {
  const T = longest(p, begin, end)
  for (let s = 0; s < T; s++) gruAdvance(p, p.reverse != 0 ? T - 1 - s : s, begin, end)
}

/** One step at time t, from the share of the input that the workspace holds. */
export function gruAdvance(p: RecurrentArguments, t: i32, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const rows = end - begin
  const rowStride = p.time * p.pitch
  const biasN = p.recurrentBias + (<usize>(2 * H) << 2)
  const h = stateRow(p, p.h, begin)
  const work = workRow(p, begin, t)
  takeProjected(p, t, begin, end)
  timesRecurrent(p, rows, 0, 2 * H, h, p.packed, work, rowStride, true, 0)
  timesRecurrent(p, rows, 2 * H, H, h, p.packedN, work + (<usize>(3 * H) << 2), rowStride, false, biasN)
  for (let b = begin; b < end; b++) {
    if (t >= lengthOf(p, b)) continue
    gruStep(H, workRow(p, b, t), stateRow(p, p.h, b), sequenceRow(p, p.outputs, b, t))
  }
}

/** One row: gates before their activation in `work`; new state, output and the values for the gradient out. */
function gruStep(H: i32, work: usize, h: usize, output: usize): void {
  const pitch = <usize>H << 2
  const update = work + pitch
  const candidate = update + pitch
  const fromState = candidate + pitch
  const whole = <usize>(H & ~7) << 2
  let j: usize = 0
  // Two vectors side by side, loads before stores: what the engine can turn into one of twice the width.
  for (; j < whole; j += 32) {
    const r0 = sigmoidF32x4(v128.load(work + j))
    const r1 = sigmoidF32x4(v128.load(work + j, 16))
    const z0 = sigmoidF32x4(v128.load(update + j))
    const z1 = sigmoidF32x4(v128.load(update + j, 16))
    const n0 = tanhF32x4(madd(r0, v128.load(fromState + j), v128.load(candidate + j)))
    const n1 = tanhF32x4(madd(r1, v128.load(fromState + j, 16), v128.load(candidate + j, 16)))
    const hidden0 = madd(z0, f32x4.sub(v128.load(h + j), n0), n0)
    const hidden1 = madd(z1, f32x4.sub(v128.load(h + j, 16), n1), n1)
    v128.store(work + j, r0)
    v128.store(work + j, r1, 16)
    v128.store(update + j, z0)
    v128.store(update + j, z1, 16)
    v128.store(candidate + j, n0)
    v128.store(candidate + j, n1, 16)
    v128.store(h + j, hidden0)
    v128.store(h + j, hidden1, 16)
    v128.store(output + j, hidden0)
    v128.store(output + j, hidden1, 16)
  }
  for (let left = H & 7; left > 0; left -= 4) {
    const r = sigmoidF32x4(loadLanes(work + j, left))
    const z = sigmoidF32x4(loadLanes(update + j, left))
    const n = tanhF32x4(madd(r, loadLanes(fromState + j, left), loadLanes(candidate + j, left)))
    const hidden = madd(z, f32x4.sub(loadLanes(h + j, left), n), n)
    storeLanes(work + j, r, left)
    storeLanes(update + j, z, left)
    storeLanes(candidate + j, n, left)
    storeLanes(h + j, hidden, left)
    storeLanes(output + j, hidden, left)
    j += 16
  }
}

export function gruBackward(p: RecurrentArguments, begin: i32, end: i32): void {
  const T = longest(p, begin, end)
  for (let s = T - 1; s >= 0; s--) gruRetreat(p, p.reverse != 0 ? T - 1 - s : s, begin, end)
}

/** Back through the step at time t. */
export function gruRetreat(p: RecurrentArguments, t: i32, begin: i32, end: i32): void {
  const H = p.hiddenSize
  const rows = end - begin
  const rowStride = p.time * p.pitch
  for (let b = begin; b < end; b++) {
    if (t >= lengthOf(p, b)) continue
    const previous =
      t == firstTime(p, b) ? stateRow(p, p.h0, b) : sequenceRow(p, p.outputs, b, p.reverse != 0 ? t + 1 : t - 1)
    gruStepBack(H, workRow(p, b, t), previous, sequenceRow(p, p.dOutputs, b, t), stateRow(p, p.h, b))
  }
  const dh = stateRow(p, p.h, begin)
  const work = workRow(p, begin, t)
  timesRecurrentTransposed(p, rows, 0, 2 * H, work, rowStride, p.packed, dh)
  timesRecurrentTransposed(p, rows, 2 * H, H, work + (<usize>(3 * H) << 2), rowStride, p.packedN, dh)
}

/** One row: the gates' gradients over r, z, n, that of q over q; in `dh` the part that reaches h without passing a weight. */
function gruStepBack(H: i32, work: usize, previous: usize, dOutput: usize, dh: usize): void {
  const pitch = <usize>H << 2
  const one = f32x4.splat(1)
  for (let j = 0; j < H; j += 4) {
    const lanes = H - j
    const r = loadLanes(work, lanes)
    const z = loadLanes(work + pitch, lanes)
    const n = loadLanes(work + 2 * pitch, lanes)
    const q = loadLanes(work + 3 * pitch, lanes)
    const dHidden = f32x4.add(loadLanes(dh, lanes), loadLanes(dOutput, lanes))
    const kept = f32x4.mul(dHidden, z)
    const rest = f32x4.sub(one, z)
    const dN = f32x4.mul(f32x4.mul(dHidden, rest), nmadd(n, n, one))
    const dQ = f32x4.mul(dN, r)
    storeLanes(work, f32x4.mul(f32x4.mul(dQ, q), f32x4.sub(one, r)), lanes)
    storeLanes(work + pitch, f32x4.mul(f32x4.mul(kept, rest), f32x4.sub(loadLanes(previous, lanes), n)), lanes)
    storeLanes(work + 2 * pitch, dN, lanes)
    storeLanes(work + 3 * pitch, dQ, lanes)
    storeLanes(dh, kept, lanes)
    work += 16
    previous += 16
    dOutput += 16
    dh += 16
  }
}
