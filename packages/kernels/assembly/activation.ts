// The activations that a GEMM can fold into its last pass over C.

import { constant, ONE, SIX } from './constants'
import { eluF32x4, expF32x4, sigmoidF32x4, tanhF32x4 } from './math'
import { select } from './simd'

// The numbers are part of the interface to src/kernels/activation.ts.
// @ts-ignore: decorator
@inline export const LINEAR: i32 = 0
// @ts-ignore: decorator
@inline export const RELU: i32 = 1
// @ts-ignore: decorator
@inline export const RELU6: i32 = 2
// @ts-ignore: decorator
@inline export const LEAKY_RELU: i32 = 3
// @ts-ignore: decorator
@inline export const ELU: i32 = 4
// @ts-ignore: decorator
@inline export const SIGMOID: i32 = 5
// @ts-ignore: decorator
@inline export const TANH: i32 = 6
// @ts-ignore: decorator
@inline export const SILU: i32 = 7

/** One activation of four lanes; `alpha` is the slope of the leaky ReLU. NaN stays NaN. */
export function activate(x: v128, kind: i32, alpha: f32): v128 {
  const zero = f32x4.splat(0.0)
  switch (kind) {
    case RELU:
      return f32x4.pmax(x, zero)
    case RELU6:
      return f32x4.pmin(f32x4.pmax(x, zero), constant(SIX))
    case LEAKY_RELU:
      return select(x, f32x4.mul(x, f32x4.splat(alpha)), f32x4.gt(x, zero))
    case ELU:
      return eluF32x4(x)
    case SIGMOID:
      return sigmoidF32x4(x)
    case TANH:
      return tanhF32x4(x)
    case SILU:
      return f32x4.div(x, f32x4.add(constant(ONE), expF32x4(f32x4.neg(x))))
    default:
      return x
  }
}
