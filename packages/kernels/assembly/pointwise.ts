// GELU, its tanh approximation and SiLU, forward and backward, one pass each.

import { erfF32x4 } from './erf'
import { loadLanes, storeLanes } from './lanes'
import { expF32x4, sigmoidF32x4, tanhF32x4 } from './math'
import { JOB_POINTWISE, JOB_POINTWISE_GRADIENT } from './op-job-ids'
import { madd, nmadd } from './simd'
import { parallelFor, threadCount } from './threads'

// The numbers are part of the interface to src/ops/pointwise.ts.
// @ts-ignore: decorator
@inline const GELU: i32 = 0
// @ts-ignore: decorator
@inline const GELU_TANH: i32 = 1

// @ts-ignore: decorator
@inline const SQRT_HALF: f32 = 0.70710678118654752
/** 1 / sqrt(2π) */
// @ts-ignore: decorator
@inline const DENSITY: f32 = 0.39894228040143268
/** sqrt(2 / π) */
// @ts-ignore: decorator
@inline const TANH_SCALE: f32 = 0.79788456080286536
// @ts-ignore: decorator
@inline const TANH_CUBE: f32 = 0.044715

/** Elements of a unit of the parallel loop. */
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
  for (let i = begin * UNIT; i < last; i += 4) {
    const at = <usize>i << 2
    const x = loadLanes(p.x + at, last - i)
    storeLanes(p.out + at, value(p.kind, x), last - i)
  }
}

export function pointwiseGradientUnits(address: usize, begin: i32, end: i32): void {
  const p = changetype<PointwiseArguments>(address)
  const last = min(p.size, end * UNIT)
  for (let i = begin * UNIT; i < last; i += 4) {
    const at = <usize>i << 2
    const dx = f32x4.mul(loadLanes(p.dy + at, last - i), slope(p.kind, loadLanes(p.x + at, last - i)))
    storeLanes(p.out + at, dx, last - i)
  }
}

// @ts-ignore: decorator
@inline
function value(kind: i32, x: v128): v128 {
  if (kind == GELU) return f32x4.mul(x, normalCdf(x))
  if (kind == GELU_TANH) {
    const half = f32x4.splat(0.5)
    return f32x4.mul(x, madd(tanhF32x4(tanhArgument(x)), half, half))
  }
  return f32x4.mul(x, sigmoidF32x4(x))
}

// @ts-ignore: decorator
@inline
function slope(kind: i32, x: v128): v128 {
  const one = f32x4.splat(1)
  if (kind == GELU) {
    // Φ(x) + x φ(x)
    const density = f32x4.mul(expF32x4(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))), f32x4.splat(DENSITY))
    return madd(x, density, normalCdf(x))
  }
  if (kind == GELU_TANH) {
    // (1 + t) / 2 + x (1 - t²) u' / 2
    const half = f32x4.splat(0.5)
    const t = tanhF32x4(tanhArgument(x))
    const inner = madd(f32x4.mul(x, x), f32x4.splat(3 * TANH_CUBE * TANH_SCALE), f32x4.splat(TANH_SCALE))
    const rest = f32x4.mul(f32x4.mul(x, half), nmadd(t, t, one))
    return madd(rest, inner, madd(t, half, half))
  }
  // s (1 + x (1 - s))
  const s = sigmoidF32x4(x)
  return f32x4.mul(s, madd(x, f32x4.sub(one, s), one))
}

/** Φ(x) */
// @ts-ignore: decorator
@inline
function normalCdf(x: v128): v128 {
  const half = f32x4.splat(0.5)
  return madd(erfF32x4(f32x4.mul(x, f32x4.splat(SQRT_HALF))), half, half)
}

/** √(2/π) (x + 0.044715 x³) */
// @ts-ignore: decorator
@inline
function tanhArgument(x: v128): v128 {
  const squared = f32x4.mul(x, x)
  return f32x4.mul(x, madd(squared, f32x4.splat(TANH_CUBE * TANH_SCALE), f32x4.splat(TANH_SCALE)))
}
