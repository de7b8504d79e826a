// GELU, its tanh approximation and SiLU, forward and backward, one pass each.

import { at } from './address'
import * as k from './constants'
import { constant } from './constants'
import { loadLanes, storeLanes } from './lanes'
import { erfF32x4, expNormalF32x4, geluF32x4, sigmoidF32x4 } from './math'
import { JOB_POINTWISE, JOB_POINTWISE_GRADIENT } from './op-job-ids'
import { madd } from './simd'
import { parallelFor, threadCount } from './threads'

// The numbers are part of the interface to src/ops/pointwise.ts.
// @ts-ignore: decorator
@inline const GELU: i32 = 0
// @ts-ignore: decorator
@inline const GELU_TANH: i32 = 1
// @ts-ignore: decorator
@inline const SILU: i32 = 2

/** 1 / sqrt(2π) */
// @ts-ignore: decorator
@inline const DENSITY: f32 = 0.39894228040143268
/** 2 sqrt(2 / π), and that times 0.044715 */
// @ts-ignore: decorator
@inline const TANH_SCALE: f32 = 1.59576912160573071
// @ts-ignore: decorator
@inline const TANH_CUBE: f32 = 0.07135481627159
// Elements of a unit of the parallel loop.
// @ts-ignore: decorator
@inline const UNIT: i32 = 1024

@unmanaged
class PointwiseArguments {
  kind: i32
  size: i32
  x: usize
  /** Forward: y. Backward: dx. */
  out: usize
  /** Backward only. */
  dy: usize
}

export function pointwise(address: usize): void {
  run(JOB_POINTWISE, address)
}

export function pointwiseGradient(address: usize): void {
  run(JOB_POINTWISE_GRADIENT, address)
}

function run(job: i32, address: usize): void {
  const units = (changetype<PointwiseArguments>(address).size + UNIT - 1) / UNIT
  parallelFor(job, address, units, max(8, (units + 4 * threadCount - 1) / (4 * threadCount)))
}

export function pointwiseUnits(address: usize, begin: i32, end: i32): void {
  const p = changetype<PointwiseArguments>(address)
  const last = min(p.size, end * UNIT)
  switch (p.kind) {
    case GELU:
      return forward<GELU_KIND>(p, begin * UNIT, last)
    case GELU_TANH:
      return forward<GELU_TANH_KIND>(p, begin * UNIT, last)
    default:
      return forward<SILU_KIND>(p, begin * UNIT, last)
  }
}

export function pointwiseGradientUnits(address: usize, begin: i32, end: i32): void {
  const p = changetype<PointwiseArguments>(address)
  const last = min(p.size, end * UNIT)
  switch (p.kind) {
    case GELU:
      return backward<GELU_KIND>(p, begin * UNIT, last)
    case GELU_TANH:
      return backward<GELU_TANH_KIND>(p, begin * UNIT, last)
    default:
      return backward<SILU_KIND>(p, begin * UNIT, last)
  }
}

// Types stand for the functions, so that each gets a loop of its own without a choice inside.
class GELU_KIND {}
class GELU_TANH_KIND {}
class SILU_KIND {}

function forward<F>(p: PointwiseArguments, i: i32, last: i32): void {
  for (; i + 8 <= last; i += 8) {
    const y0 = value<F>(v128.load(at(p.x, i)))
    const y1 = value<F>(v128.load(at(p.x, i), 16))
    v128.store(at(p.out, i), y0)
    v128.store(at(p.out, i), y1, 16)
  }
  for (; i < last; i += 4) storeLanes(at(p.out, i), value<F>(loadLanes(at(p.x, i), last - i)), last - i)
}

function backward<F>(p: PointwiseArguments, i: i32, last: i32): void {
  for (; i + 8 <= last; i += 8) {
    const d0 = f32x4.mul(v128.load(at(p.dy, i)), slope<F>(v128.load(at(p.x, i))))
    const d1 = f32x4.mul(v128.load(at(p.dy, i), 16), slope<F>(v128.load(at(p.x, i), 16)))
    v128.store(at(p.out, i), d0)
    v128.store(at(p.out, i), d1, 16)
  }
  for (; i < last; i += 4) {
    const d = f32x4.mul(loadLanes(at(p.dy, i), last - i), slope<F>(loadLanes(at(p.x, i), last - i)))
    storeLanes(at(p.out, i), d, last - i)
  }
}

// @ts-ignore: decorator
@inline
function value<F>(x: v128): v128 {
  if (idof<F>() == idof<GELU_KIND>()) return geluF32x4(x)
  if (idof<F>() == idof<GELU_TANH_KIND>()) return f32x4.mul(x, sigmoidF32x4(tanhArgument(x)))
  return f32x4.mul(x, sigmoidF32x4(x))
}

// @ts-ignore: decorator
@inline
function slope<F>(x: v128): v128 {
  const one = constant(k.ONE)
  if (idof<F>() == idof<GELU_KIND>()) {
    // Φ(x) + x φ(x)
    const half = constant(k.HALF)
    const exponent = f32x4.mul(f32x4.mul(x, x), v128.xor(half, constant(k.SIGN)))
    const density = f32x4.mul(expNormalF32x4(exponent), f32x4.splat(DENSITY))
    const cdf = madd(erfF32x4(f32x4.mul(x, constant(k.SQRT_HALF))), half, half)
    return madd(x, density, cdf)
  }
  if (idof<F>() == idof<GELU_TANH_KIND>()) {
    // s (1 + x (1 - s) u')
    const s = sigmoidF32x4(tanhArgument(x))
    const inner = madd(f32x4.mul(x, x), f32x4.splat(3 * TANH_CUBE), f32x4.splat(TANH_SCALE))
    return f32x4.mul(s, madd(f32x4.mul(x, f32x4.sub(one, s)), inner, one))
  }
  // s (1 + x (1 - s))
  const s = sigmoidF32x4(x)
  return f32x4.mul(s, madd(x, f32x4.sub(one, s), one))
}

/** u = 2√(2/π) (x + 0.044715 x³): (1 + tanh(u / 2)) / 2 = sigmoid(u), which does not cancel far below zero. */
// @ts-ignore: decorator
@inline
function tanhArgument(x: v128): v128 {
  return f32x4.mul(x, madd(f32x4.mul(x, x), f32x4.splat(TANH_CUBE), f32x4.splat(TANH_SCALE)))
}
