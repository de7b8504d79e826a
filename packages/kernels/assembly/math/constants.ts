// A table of constants in this thread's scratch memory.
//
// V8 builds a constant vector out of an integer, with three instructions for each use, inside of the loop that uses it;
// broadcasting it from memory is one load. exp runs three times as fast for it.

// @ts-ignore: decorator
@inline export const CONSTANT_COUNT: i32 = 64

let table: usize = 0

/** The constant with this number in all four lanes. */
// @ts-ignore: decorator
@inline
export function constant(index: usize): v128 {
  return v128.load32_splat(table + (index << 2))
}

// @ts-ignore: decorator
@inline
function put(index: usize, value: f32): void {
  f32.store(table + (index << 2), value)
}

// @ts-ignore: decorator
@inline export const ONE: usize = 0
// @ts-ignore: decorator
@inline export const TWO: usize = 1
// @ts-ignore: decorator
@inline export const HALF: usize = 2
/** -0: the sign bit alone. */
// @ts-ignore: decorator
@inline export const SIGN: usize = 3
// @ts-ignore: decorator
@inline export const INFINITE: usize = 4

// The exponential function.
// @ts-ignore: decorator
@inline export const LOG2E: usize = 5
// @ts-ignore: decorator
@inline export const LN2_HI: usize = 6
// @ts-ignore: decorator
@inline export const LN2_LO: usize = 7
// @ts-ignore: decorator
@inline export const ROUND: usize = 8
// @ts-ignore: decorator
@inline export const EXP_LOWEST: usize = 9
// @ts-ignore: decorator
@inline export const EXP_HIGHEST: usize = 10
// @ts-ignore: decorator
@inline export const EXP_LOWEST_NORMAL: usize = 11
// @ts-ignore: decorator
@inline export const EXP_HIGHEST_NORMAL: usize = 12
// @ts-ignore: decorator
@inline export const EXPM1_LOWEST: usize = 13
/** Six coefficients, the highest power first. */
// @ts-ignore: decorator
@inline export const EXP_P: usize = 14

// The logarithm: the smallest normal number, 2^23, sqrt(1/2) and its distance to 1 as bits, 23 as an integer, the mantissa's
// bits, -23 ln 2 split, nine coefficients.
// @ts-ignore: decorator
@inline export const SMALLEST_NORMAL: usize = 20
// @ts-ignore: decorator
@inline export const TWO_TO_23: usize = 21
// @ts-ignore: decorator
@inline export const SQRT_HALF_BITS: usize = 22
// @ts-ignore: decorator
@inline export const SQRT_HALF_DISTANCE: usize = 23
// @ts-ignore: decorator
@inline export const MANTISSA: usize = 24
// @ts-ignore: decorator
@inline export const TWENTY_THREE: usize = 25
// @ts-ignore: decorator
@inline export const EXPONENT_BIAS: usize = 26
// @ts-ignore: decorator
@inline export const LOG_P: usize = 27

// The error function: its bounds, seven coefficients beyond 0.92, six below.
// @ts-ignore: decorator
@inline export const ERF_BOUND: usize = 36
// @ts-ignore: decorator
@inline export const ERF_NEAR: usize = 37
// @ts-ignore: decorator
@inline export const ERF_FAR_P: usize = 38
// @ts-ignore: decorator
@inline export const ERF_NEAR_P: usize = 45
// @ts-ignore: decorator
@inline export const SQRT_HALF: usize = 51
// @ts-ignore: decorator
@inline export const SIX: usize = 52

/** Writes the table. */
export function setConstants(address: usize): void {
  table = address
  put(ONE, 1)
  put(TWO, 2)
  put(HALF, 0.5)
  put(SIGN, -0.0)
  put(INFINITE, Infinity)
  put(SIX, 6)

  put(LOG2E, 1.44269504088896341)
  // ln 2 in two parts: the high part has few mantissa bits, so that n * LN2_HI is exact for every |n| < 2^10.
  put(LN2_HI, 0.693359375)
  put(LN2_LO, -2.12194440e-4)
  // Adding 1.5 * 2^23 rounds a small float to the nearest integer and leaves that in the lowest bits of the sum.
  put(ROUND, 12582912)
  put(EXP_LOWEST, -104)
  put(EXP_HIGHEST, 89)
  put(EXP_LOWEST_NORMAL, -87)
  put(EXP_HIGHEST_NORMAL, 88.02)
  put(EXPM1_LOWEST, -20)
  // (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2: Cephes, single/expf.c (Moshier).
  put(EXP_P, 1.9875691500e-4)
  put(EXP_P + 1, 1.3981999507e-3)
  put(EXP_P + 2, 8.3334519073e-3)
  put(EXP_P + 3, 4.1665795894e-2)
  put(EXP_P + 4, 1.6666665459e-1)
  put(EXP_P + 5, 5.0000001201e-1)

  put(SMALLEST_NORMAL, 1.17549435e-38)
  put(TWO_TO_23, 8388608)
  put(SQRT_HALF_BITS, reinterpret<f32>(0x3f3504f3))
  put(SQRT_HALF_DISTANCE, reinterpret<f32>(0x3f800000 - 0x3f3504f3))
  put(MANTISSA, reinterpret<f32>(0x007fffff))
  put(TWENTY_THREE, reinterpret<f32>(23))
  put(EXPONENT_BIAS, reinterpret<f32>(127))
  // (ln(1 + f) - f + f^2 / 2) / f^3 for 1 + f in [sqrt(1/2), sqrt(2)): Cephes, single/logf.c (Moshier).
  put(LOG_P, 7.0376836292e-2)
  put(LOG_P + 1, -1.1514610310e-1)
  put(LOG_P + 2, 1.1676998740e-1)
  put(LOG_P + 3, -1.2420140846e-1)
  put(LOG_P + 4, 1.4249322787e-1)
  put(LOG_P + 5, -1.6668057665e-1)
  put(LOG_P + 6, 2.0000714765e-1)
  put(LOG_P + 7, -2.4999993993e-1)
  put(LOG_P + 8, 3.3333331174e-1)

  // The polynomials of N. Juffa's erff (2018), https://stackoverflow.com/questions/35148198.
  put(ERF_BOUND, 4)
  put(ERF_NEAR, 0.921875)
  put(ERF_FAR_P, -1.72853470e-5)
  put(ERF_FAR_P + 1, 3.83197126e-4)
  put(ERF_FAR_P + 2, -3.88396438e-3)
  put(ERF_FAR_P + 3, 2.42546219e-2)
  put(ERF_FAR_P + 4, -1.06777877e-1)
  put(ERF_FAR_P + 5, -6.34846687e-1)
  put(ERF_FAR_P + 6, -1.28717512e-1)
  put(ERF_NEAR_P, -5.96761703e-4)
  put(ERF_NEAR_P + 1, 4.99119423e-3)
  put(ERF_NEAR_P + 2, -2.67681349e-2)
  put(ERF_NEAR_P + 3, 1.12819925e-1)
  put(ERF_NEAR_P + 4, -3.76125336e-1)
  put(ERF_NEAR_P + 5, 1.28379166e-1)
  put(SQRT_HALF, 0.70710678118654752)
}
