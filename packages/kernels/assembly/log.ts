// ln x for one float: JavaScript's own differs from engine to engine, AssemblyScript's needs tables in static memory.

/**
 * x = m·2^e with m in [sqrt(1/2), sqrt 2), ln x = e ln 2 + ln m. Relative error about 2^-23.
 *
 * @see Moshier, Cephes Mathematical Library, single/logf.c
 */
export function logF32(x: f32): f32 {
  if (!(x > 0 && x < Infinity)) return x == 0 ? -Infinity : x > 0 ? x : NaN
  let exponent = 0
  if (x < 1.17549435e-38) {
    x *= 8388608
    exponent = -23
  }
  const bits = reinterpret<i32>(x)
  exponent += (bits >> 23) - 126
  let m = reinterpret<f32>((bits & 0x007fffff) | 0x3f000000)
  if (m < 0.707106781186547524) {
    exponent--
    m += m
  }
  m -= 1
  const squared = m * m
  let p: f32 = 7.0376836292e-2
  p = p * m - 1.151461031e-1
  p = p * m + 1.1676998740e-1
  p = p * m - 1.2420140846e-1
  p = p * m + 1.4249322787e-1
  p = p * m - 1.6668057665e-1
  p = p * m + 2.0000714765e-1
  p = p * m - 2.4999993993e-1
  p = p * m + 3.3333331174e-1
  const e = <f32>exponent
  return e * <f32>0.693359375 + (m + (p * m * squared - <f32>0.5 * squared - e * <f32>2.12194440e-4))
}
