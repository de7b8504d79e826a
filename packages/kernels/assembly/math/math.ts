// exp, tanh, sigmoid, log, erf and gelu on four lanes. All are branch-free, keep NaN, and are right at both infinities.
// The polynomials and where they come from stand in constants.ts.

import * as k from './constants'
import { constant } from './constants'
import { madd, nmadd, select } from './simd'

/** ROUND + the integer nearest to x / ln 2. */
// @ts-ignore: decorator
@inline
function roundedExponent(x: v128): v128 {
  return madd(x, constant(k.LOG2E), constant(k.ROUND))
}

/** e^r - 1 where r = x - n ln 2, given ROUND + n. */
// @ts-ignore: decorator
@inline
function expm1Remainder(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, constant(k.ROUND))
  let r = nmadd(n, constant(k.LN2_HI), x)
  r = nmadd(n, constant(k.LN2_LO), r)
  let p = madd(constant(k.EXP_P), r, constant(k.EXP_P + 1))
  p = madd(p, r, constant(k.EXP_P + 2))
  p = madd(p, r, constant(k.EXP_P + 3))
  p = madd(p, r, constant(k.EXP_P + 4))
  p = madd(p, r, constant(k.EXP_P + 5))
  return madd(f32x4.mul(r, r), p, r)
}

/** 2^n given n, or a sum of n and a multiple of 512, in the bits of an integer; -126 <= n <= 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.add(i32x4.shl(n, 23), constant(k.ONE))
}

/**
 * e^x: x = n ln 2 + r, e^x = 2^n (1 + r + r^2 P(r)).
 *
 * 2^n is applied in two halves, so that the results between 2^127 and infinity and the subnormal ones come out right.
 */
// @ts-ignore: decorator
@inline
export function expF32x4(x: v128): v128 {
  // pmin and pmax in this order of operands return x when x is NaN.
  x = f32x4.pmax(f32x4.pmin(x, constant(k.EXP_HIGHEST)), constant(k.EXP_LOWEST))
  const rounded = roundedExponent(x)
  const e = f32x4.add(expm1Remainder(x, rounded), constant(k.ONE))
  const n = i32x4.sub(rounded, constant(k.ROUND))
  const half = i32x4.shr_s(n, 1)
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)))
}

/** e^x without the subnormal range: below -87 and above 88 the result stays as it is there. */
// @ts-ignore: decorator
@inline
export function expNormalF32x4(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, constant(k.EXP_HIGHEST_NORMAL)), constant(k.EXP_LOWEST_NORMAL))
  const rounded = roundedExponent(x)
  return f32x4.mul(f32x4.add(expm1Remainder(x, rounded), constant(k.ONE)), powerOfTwo(rounded))
}

/** 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoidF32x4(x: v128): v128 {
  return f32x4.div(constant(k.ONE), f32x4.add(constant(k.ONE), expNormalF32x4(v128.xor(x, constant(k.SIGN)))))
}

/** e^x - 1 for -20 <= x <= 1: 2^n (e^r - 1) + (2^n - 1) keeps its relative precision near zero. */
// @ts-ignore: decorator
@inline
function expm1Small(x: v128): v128 {
  const rounded = roundedExponent(x)
  const scale = powerOfTwo(rounded)
  return madd(expm1Remainder(x, rounded), scale, f32x4.sub(scale, constant(k.ONE)))
}

/** tanh x = sign(x) * -m / (2 + m) with m = e^(-2|x|) - 1; 1 - 2 / (e^2x + 1) would lose its precision near zero. */
// @ts-ignore: decorator
@inline
export function tanhF32x4(x: v128): v128 {
  const negative = v128.or(x, constant(k.SIGN))
  const m = expm1Small(f32x4.pmax(f32x4.add(negative, negative), constant(k.EXPM1_LOWEST)))
  const t = f32x4.div(m, f32x4.add(m, constant(k.TWO)))
  // t is never positive: its sign bit is exchanged for that of x.
  return v128.xor(t, v128.andnot(constant(k.SIGN), x))
}

/** x where x > 0, else e^x - 1 with full relative precision near zero. */
// @ts-ignore: decorator
@inline
export function eluF32x4(x: v128): v128 {
  const bounded = f32x4.pmin(f32x4.pmax(x, constant(k.EXPM1_LOWEST)), constant(k.ONE))
  return select(x, expm1Small(bounded), f32x4.gt(x, f32x4.splat(0.0)))
}

/** ln x: x = 2^n (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), ln x = n ln 2 + f - f^2 / 2 + f^3 P(f). */
// @ts-ignore: decorator
@inline
export function logF32x4(x: v128): v128 {
  const zero = f32x4.splat(0.0)
  const subnormal = f32x4.lt(x, constant(k.SMALLEST_NORMAL))
  const scaled = select(f32x4.mul(x, constant(k.TWO_TO_23)), x, subnormal)
  // Adding the distance from sqrt(1/2) to 1 moves the border of the exponent there.
  const bits = i32x4.add(scaled, constant(k.SQRT_HALF_DISTANCE))
  let n = i32x4.sub(i32x4.shr_s(bits, 23), constant(k.EXPONENT_BIAS))
  n = i32x4.sub(n, v128.and(subnormal, constant(k.TWENTY_THREE)))
  const m = i32x4.add(v128.and(bits, constant(k.MANTISSA)), constant(k.SQRT_HALF_BITS))
  const f = f32x4.sub(m, constant(k.ONE))
  const z = f32x4.mul(f, f)
  let p = madd(constant(k.LOG_P), f, constant(k.LOG_P + 1))
  p = madd(p, f, constant(k.LOG_P + 2))
  p = madd(p, f, constant(k.LOG_P + 3))
  p = madd(p, f, constant(k.LOG_P + 4))
  p = madd(p, f, constant(k.LOG_P + 5))
  p = madd(p, f, constant(k.LOG_P + 6))
  p = madd(p, f, constant(k.LOG_P + 7))
  p = madd(p, f, constant(k.LOG_P + 8))
  const e = f32x4.convert_i32x4_s(n)
  let y = f32x4.mul(f32x4.mul(f, z), p)
  y = madd(e, constant(k.LN2_LO), y)
  y = nmadd(z, constant(k.HALF), y)
  y = f32x4.add(f, y)
  y = madd(e, constant(k.LN2_HI), y)
  // Zero, infinity and NaN; the logarithm of a negative number is NaN.
  y = select(v128.or(constant(k.INFINITE), constant(k.SIGN)), y, f32x4.eq(x, zero))
  y = select(x, y, f32x4.eq(x, constant(k.INFINITE)))
  return v128.or(y, v128.not(f32x4.ge(x, zero)))
}

/** erf x: x + x P(x^2) for |x| <= 0.92, sign(x) (1 - e^(-|x| + |x| Q(|x|))) beyond; error below 1.2 ulp. */
// @ts-ignore: decorator
@inline
export function erfF32x4(x: v128): v128 {
  const sign = v128.and(x, constant(k.SIGN))
  // Beyond 4 the result is 1; the bound keeps the polynomial finite.
  const t = f32x4.pmin(v128.xor(x, sign), constant(k.ERF_BOUND))
  const s = f32x4.mul(t, t)
  let r = madd(constant(k.ERF_FAR_P), t, constant(k.ERF_FAR_P + 1))
  const u = madd(constant(k.ERF_FAR_P + 2), t, constant(k.ERF_FAR_P + 3))
  r = madd(r, s, u)
  r = madd(r, t, constant(k.ERF_FAR_P + 4))
  r = madd(r, t, constant(k.ERF_FAR_P + 5))
  r = madd(r, t, constant(k.ERF_FAR_P + 6))
  r = madd(r, t, v128.xor(t, constant(k.SIGN)))
  const far = v128.or(f32x4.sub(constant(k.ONE), expNormalF32x4(r)), sign)
  let q = madd(constant(k.ERF_NEAR_P), s, constant(k.ERF_NEAR_P + 1))
  q = madd(q, s, constant(k.ERF_NEAR_P + 2))
  q = madd(q, s, constant(k.ERF_NEAR_P + 3))
  q = madd(q, s, constant(k.ERF_NEAR_P + 4))
  q = madd(q, s, constant(k.ERF_NEAR_P + 5))
  return select(far, madd(q, x, x), f32x4.gt(t, constant(k.ERF_NEAR)))
}

/** x Phi(x) = x (1 + erf(x / sqrt 2)) / 2. */
// @ts-ignore: decorator
@inline
export function geluF32x4(x: v128): v128 {
  const half = f32x4.mul(x, constant(k.HALF))
  return madd(half, erfF32x4(f32x4.mul(x, constant(k.SQRT_HALF))), half)
}
