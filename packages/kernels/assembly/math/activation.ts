// The activations that a GEMM can fold into its last pass over C.

import { constant, ONE, SIX } from './constants'
import { eluF32x4, expF32x4, sigmoidF32x4, tanhF32x4 } from './math'
import { select } from './simd'

export const enum Activation {
  LINEAR = 0,
  RELU = 1,
  RELU6 = 2,
  LEAKY_RELU = 3,
  ELU = 4,
  SIGMOID = 5,
  TANH = 6,
  SILU = 7,
}

/** One activation of four lanes; `alpha` is the slope of the leaky ReLU. NaN stays NaN. */
export function activate(x: v128, kind: i32, alpha: f32): v128 {
  const zero = f32x4.splat(0.0)
  switch (kind) {
    case Activation.RELU:
      return f32x4.pmax(x, zero)
    case Activation.RELU6:
      return f32x4.pmin(f32x4.pmax(x, zero), constant(SIX))
    case Activation.LEAKY_RELU:
      return select(x, f32x4.mul(x, f32x4.splat(alpha)), f32x4.gt(x, zero))
    case Activation.ELU:
      return eluF32x4(x)
    case Activation.SIGMOID:
      return sigmoidF32x4(x)
    case Activation.TANH:
      return tanhF32x4(x)
    case Activation.SILU:
      return f32x4.div(x, f32x4.add(constant(ONE), expF32x4(f32x4.neg(x))))
    default:
      return x
  }
}
