// The error function on four lanes.

import { madd } from './simd'

/**
 * erf x = x P(x²) / Q(x²) on [-4, 4], ±1 beyond; absolute error below 3e-7. NaN stays NaN.
 *
 * @see Eigen, Eigen/src/SpecialFunctions: the same rational function, a minimax fit
 */
// @ts-ignore: decorator
@inline
export function erfF32x4(x: v128): v128 {
  // pmin and pmax in this order of operands return x when x is NaN.
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(4)), f32x4.splat(-4))
  const s = f32x4.mul(x, x)
  let p = madd(s, f32x4.splat(-2.72614225801306e-10), f32x4.splat(2.77068142495902e-8))
  p = madd(s, p, f32x4.splat(-2.10102402082508e-6))
  p = madd(s, p, f32x4.splat(-5.69250639462346e-5))
  p = madd(s, p, f32x4.splat(-7.34990630326855e-4))
  p = madd(s, p, f32x4.splat(-2.954599808540250e-3))
  p = madd(s, p, f32x4.splat(-1.60960333262415e-2))
  let q = madd(s, f32x4.splat(-1.45660718464996e-5), f32x4.splat(-2.13374055278905e-4))
  q = madd(s, q, f32x4.splat(-1.68282697438203e-3))
  q = madd(s, q, f32x4.splat(-7.37332916720468e-3))
  q = madd(s, q, f32x4.splat(-1.42647390514189e-2))
  return f32x4.div(f32x4.mul(x, p), q)
}
