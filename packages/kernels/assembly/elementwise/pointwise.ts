// GELU, its tanh approximation, SiLU and the square of ReLU, forward and backward, one pass each.

import { POINTWISE_GRADIENT_UNITS, POINTWISE_UNITS } from '../generated/job-ids'
import { at } from '../memory/address'
import * as k from '../math/constants'
import { constant } from '../math/constants'
import { loadLanes, storeLanes } from '../memory/lanes'
import { erfF32x4, expNormalF32x4, geluF32x4, sigmoidF32x4 } from '../math/math'
import { madd } from '../math/simd'
import { parallelFor, threadCount } from '../threads/threads'

export const enum Pointwise {
  GELU = 0,
  GELU_TANH = 1,
  SILU = 2,
  RELU_SQUARED = 3,
}

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
export class PointwiseArguments {
  /** Of `Pointwise`. */
  kind: i32
  size: i32
  x: usize
  /** Forward: y. Backward: dx. */
  out: usize
  /** Backward only. */
  dy: usize = 0
}

/** @entry */
export function pointwise(p: PointwiseArguments): void {
  run(POINTWISE_UNITS, p)
}

/** @entry */
export function pointwiseGradient(p: PointwiseArguments): void {
  run(POINTWISE_GRADIENT_UNITS, p)
}

function run(job: i32, p: PointwiseArguments): void {
  const units = (p.size + UNIT - 1) / UNIT
  parallelFor(job, changetype<usize>(p), units, max(8, (units + 4 * threadCount - 1) / (4 * threadCount)))
}

/** @job */
export function pointwiseUnits(p: PointwiseArguments, begin: i32, end: i32): void {
  const last = min(p.size, end * UNIT)
  switch (p.kind) {
    case Pointwise.GELU:
      return forward<GELU_KIND>(p, begin * UNIT, last)
    case Pointwise.GELU_TANH:
      return forward<GELU_TANH_KIND>(p, begin * UNIT, last)
    case Pointwise.SILU:
      return forward<SILU_KIND>(p, begin * UNIT, last)
    default:
      return forward<RELU_SQUARED_KIND>(p, begin * UNIT, last)
  }
}

/** @job */
export function pointwiseGradientUnits(p: PointwiseArguments, begin: i32, end: i32): void {
  const last = min(p.size, end * UNIT)
  switch (p.kind) {
    case Pointwise.GELU:
      return backward<GELU_KIND>(p, begin * UNIT, last)
    case Pointwise.GELU_TANH:
      return backward<GELU_TANH_KIND>(p, begin * UNIT, last)
    case Pointwise.SILU:
      return backward<SILU_KIND>(p, begin * UNIT, last)
    default:
      return backward<RELU_SQUARED_KIND>(p, begin * UNIT, last)
  }
}

// Types stand for the functions, so that each gets a loop of its own without a choice inside.
class GELU_KIND {}
class GELU_TANH_KIND {}
class SILU_KIND {}
class RELU_SQUARED_KIND {}

// Addresses are locals: the engine joins two stores into one only where it sees that they share their base.
function forward<F>(p: PointwiseArguments, begin: i32, last: i32): void {
  let x = at(p.x, begin)
  let y = at(p.out, begin)
  let left = last - begin
  for (; left >= 8; left -= 8) {
    const y0 = value<F>(v128.load(x))
    const y1 = value<F>(v128.load(x, 16))
    v128.store(y, y0)
    v128.store(y, y1, 16)
    x += 32
    y += 32
  }
  for (; left > 0; left -= 4) {
    storeLanes(y, value<F>(loadLanes(x, left)), left)
    x += 16
    y += 16
  }
}

function backward<F>(p: PointwiseArguments, begin: i32, last: i32): void {
  let x = at(p.x, begin)
  let dy = at(p.dy, begin)
  let dx = at(p.out, begin)
  let left = last - begin
  for (; left >= 8; left -= 8) {
    const d0 = f32x4.mul(v128.load(dy), slope<F>(v128.load(x)))
    const d1 = f32x4.mul(v128.load(dy, 16), slope<F>(v128.load(x, 16)))
    v128.store(dx, d0)
    v128.store(dx, d1, 16)
    x += 32
    dy += 32
    dx += 32
  }
  for (; left > 0; left -= 4) {
    storeLanes(dx, f32x4.mul(loadLanes(dy, left), slope<F>(loadLanes(x, left))), left)
    x += 16
    dy += 16
    dx += 16
  }
}

// @ts-ignore: decorator
@inline
function value<F>(x: v128): v128 {
  if (idof<F>() == idof<GELU_KIND>()) return geluF32x4(x)
  if (idof<F>() == idof<GELU_TANH_KIND>()) return f32x4.mul(x, sigmoidF32x4(tanhArgument(x)))
  if (idof<F>() == idof<SILU_KIND>()) return f32x4.mul(x, sigmoidF32x4(x))
  return f32x4.mul(x, positive(x))
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
  if (idof<F>() == idof<SILU_KIND>()) {
    // s (1 + x (1 - s))
    const s = sigmoidF32x4(x)
    return f32x4.mul(s, madd(x, f32x4.sub(one, s), one))
  }
  const y = positive(x)
  return f32x4.add(y, y)
}

/** max(x, 0), and NaN for NaN. */
// @ts-ignore: decorator
@inline
function positive(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(x, f32x4.splat(0)))
}

/** u = 2√(2/π) (x + 0.044715 x³): (1 + tanh(u / 2)) / 2 = sigmoid(u), which does not cancel far below zero. */
// @ts-ignore: decorator
@inline
export function tanhArgument(x: v128): v128 {
  return f32x4.mul(x, madd(f32x4.mul(x, x), f32x4.splat(TANH_CUBE), f32x4.splat(TANH_SCALE)))
}
