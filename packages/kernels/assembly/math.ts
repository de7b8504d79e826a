// exp, tanh, sigmoid and erf on four lanes. All are branch-free, keep NaN, and are right at both infinities.

import { madd, nmadd, select } from './simd'

// @ts-ignore: decorator
@inline const LOG2E: f32 = 1.44269504088896341
// ln 2 in two parts: the high part has few mantissa bits, so that n * LN2_HI is exact for every |n| < 2^10.
// @ts-ignore: decorator
@inline const LN2_HI: f32 = 0.693359375
// @ts-ignore: decorator
@inline const LN2_LO: f32 = -2.12194440e-4

/**
 * (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2: the polynomial of Cephes' expf (relative error of exp below 2^-23).
 *
 * @see Moshier, Cephes Mathematical Library, single/expf.c
 */
// @ts-ignore: decorator
@inline
function expTail(r: v128): v128 {
  let p = madd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3))
  p = madd(p, r, f32x4.splat(8.3334519073e-3))
  p = madd(p, r, f32x4.splat(4.1665795894e-2))
  p = madd(p, r, f32x4.splat(1.6666665459e-1))
  return madd(p, r, f32x4.splat(5.0000001201e-1))
}

/** 2^n for integer lanes -126 <= n <= 127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23)
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
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89.0)), f32x4.splat(-104.0))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2E)))
  let r = nmadd(n, f32x4.splat(LN2_HI), x)
  r = nmadd(n, f32x4.splat(LN2_LO), r)
  const q = madd(f32x4.mul(r, r), expTail(r), r)
  const e = f32x4.add(q, f32x4.splat(1.0))
  const whole = i32x4.trunc_sat_f32x4_s(n)
  const half = i32x4.shr_s(whole, 1)
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)))
}

/** 1 / (1 + e^-x). */
// @ts-ignore: decorator
@inline
export function sigmoidF32x4(x: v128): v128 {
  const one = f32x4.splat(1.0)
  return f32x4.div(one, f32x4.add(one, expNegative(f32x4.neg(x))))
}

/** e^x without the subnormal range: below -87.3 the result stays at 2^-126, above 88 at 2^127. For sums with 1. */
// @ts-ignore: decorator
@inline
function expNegative(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.02)), f32x4.splat(-87.0))
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2E)))
  let r = nmadd(n, f32x4.splat(LN2_HI), x)
  r = nmadd(n, f32x4.splat(LN2_LO), r)
  const e = f32x4.add(madd(f32x4.mul(r, r), expTail(r), r), f32x4.splat(1.0))
  return f32x4.mul(e, powerOfTwo(i32x4.trunc_sat_f32x4_s(n)))
}

/**
 * tanh x = sign(x) * -m / (2 + m) with m = e^(-2|x|) - 1.
 *
 * m = 2^n (e^r - 1) + (2^n - 1) keeps its relative precision near zero, where 1 - 2 / (e^2x + 1) would lose it.
 */
// @ts-ignore: decorator
@inline
export function tanhF32x4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000))
  let y = f32x4.mul(f32x4.abs(x), f32x4.splat(-2.0))
  y = f32x4.pmax(y, f32x4.splat(-20.0))
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(LOG2E)))
  let r = nmadd(n, f32x4.splat(LN2_HI), y)
  r = nmadd(n, f32x4.splat(LN2_LO), r)
  const q = madd(f32x4.mul(r, r), expTail(r), r)
  const scale = powerOfTwo(i32x4.trunc_sat_f32x4_s(n))
  const m = madd(q, scale, f32x4.sub(scale, f32x4.splat(1.0)))
  const t = f32x4.div(f32x4.neg(m), f32x4.add(m, f32x4.splat(2.0)))
  return v128.or(t, sign)
}

/** x where x > 0, else e^x - 1 with full relative precision near zero. */
// @ts-ignore: decorator
@inline
export function eluF32x4(x: v128): v128 {
  return select(x, expm1Negative(x), f32x4.gt(x, f32x4.splat(0.0)))
}

/** e^x - 1 for x <= 0 (other lanes are meaningless). */
// @ts-ignore: decorator
@inline
function expm1Negative(x: v128): v128 {
  const y = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-20.0)), f32x4.splat(1.0))
  const n = f32x4.nearest(f32x4.mul(y, f32x4.splat(LOG2E)))
  let r = nmadd(n, f32x4.splat(LN2_HI), y)
  r = nmadd(n, f32x4.splat(LN2_LO), r)
  const q = madd(f32x4.mul(r, r), expTail(r), r)
  const scale = powerOfTwo(i32x4.trunc_sat_f32x4_s(n))
  return madd(q, scale, f32x4.sub(scale, f32x4.splat(1.0)))
}

/**
 * ln x: x = 2^n m with m in [sqrt(1/2), sqrt(2)), ln x = n ln 2 + ln m, ln(1 + f) = f - f^2 / 2 + f^3 P(f).
 *
 * @see Moshier, Cephes Mathematical Library, single/logf.c
 */
// @ts-ignore: decorator
@inline
export function logF32x4(x: v128): v128 {
  const one = f32x4.splat(1.0)
  const subnormal = f32x4.lt(x, f32x4.splat(1.17549435e-38))
  const scaled = select(f32x4.mul(x, f32x4.splat(8388608.0)), x, subnormal)
  // Adding the distance from sqrt(1/2) to 1 moves the border of the exponent there.
  const bits = i32x4.add(scaled, i32x4.splat(0x3f800000 - 0x3f3504f3))
  let n = i32x4.sub(i32x4.shr_s(bits, 23), i32x4.splat(127))
  n = i32x4.sub(n, v128.and(subnormal, i32x4.splat(23)))
  const m = i32x4.add(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3))
  const f = f32x4.sub(m, one)
  const z = f32x4.mul(f, f)
  let p = madd(f32x4.splat(7.0376836292e-2), f, f32x4.splat(-1.1514610310e-1))
  p = madd(p, f, f32x4.splat(1.1676998740e-1))
  p = madd(p, f, f32x4.splat(-1.2420140846e-1))
  p = madd(p, f, f32x4.splat(1.4249322787e-1))
  p = madd(p, f, f32x4.splat(-1.6668057665e-1))
  p = madd(p, f, f32x4.splat(2.0000714765e-1))
  p = madd(p, f, f32x4.splat(-2.4999993993e-1))
  p = madd(p, f, f32x4.splat(3.3333331174e-1))
  const e = f32x4.convert_i32x4_s(n)
  let y = f32x4.mul(f32x4.mul(f, z), p)
  y = madd(e, f32x4.splat(LN2_LO), y)
  y = nmadd(z, f32x4.splat(0.5), y)
  y = f32x4.add(f, y)
  y = madd(e, f32x4.splat(LN2_HI), y)
  // Zero, infinity and NaN; the logarithm of a negative number is NaN.
  y = select(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0.0)))
  y = select(x, y, f32x4.eq(x, f32x4.splat(Infinity)))
  return select(f32x4.splat(NaN), y, v128.not(f32x4.ge(x, f32x4.splat(0.0))))
}

/**
 * erf x: x + x P(x^2) for |x| <= 0.92, sign(x) (1 - e^(-|x| + |x| Q(|x|))) beyond; error below 1.2 ulp.
 *
 * @see the polynomials of N. Juffa's erff (2018), https://stackoverflow.com/questions/35148198
 */
// @ts-ignore: decorator
@inline
export function erfF32x4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000))
  // Beyond 4 the result is 1; the bound keeps the polynomial finite.
  const t = f32x4.pmin(f32x4.abs(x), f32x4.splat(4.0))
  const s = f32x4.mul(t, t)
  let r = madd(f32x4.splat(-1.72853470e-5), t, f32x4.splat(3.83197126e-4))
  const u = madd(f32x4.splat(-3.88396438e-3), t, f32x4.splat(2.42546219e-2))
  r = madd(r, s, u)
  r = madd(r, t, f32x4.splat(-1.06777877e-1))
  r = madd(r, t, f32x4.splat(-6.34846687e-1))
  r = madd(r, t, f32x4.splat(-1.28717512e-1))
  r = madd(r, t, f32x4.neg(t))
  const far = v128.or(f32x4.sub(f32x4.splat(1.0), expNegative(r)), sign)
  let q = madd(f32x4.splat(-5.96761703e-4), s, f32x4.splat(4.99119423e-3))
  q = madd(q, s, f32x4.splat(-2.67681349e-2))
  q = madd(q, s, f32x4.splat(1.12819925e-1))
  q = madd(q, s, f32x4.splat(-3.76125336e-1))
  q = madd(q, s, f32x4.splat(1.28379166e-1))
  return select(far, madd(q, x, x), f32x4.gt(t, f32x4.splat(0.921875)))
}

/** x Phi(x) = x (1 + erf(x / sqrt 2)) / 2. */
// @ts-ignore: decorator
@inline
export function geluF32x4(x: v128): v128 {
  const half = f32x4.mul(x, f32x4.splat(0.5))
  return madd(half, erfF32x4(f32x4.mul(x, f32x4.splat(0.70710678118654752))), half)
}
