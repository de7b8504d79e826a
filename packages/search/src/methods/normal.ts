/**
 * Share of the standard normal distribution between two bounds, with full relative precision also far from 0.
 *
 * @param a lower bound, at most `b`
 */
export function normalMass(a: number, b: number): number {
  // The difference of two tails on the side where they are small.
  if (a > 0) return upperTail(a) - upperTail(b)
  if (b < 0) return upperTail(-b) - upperTail(-a)
  return 1 - upperTail(-a) - upperTail(b)
}

/** Share of the standard normal distribution above `z` >= 0. */
const upperTail = (z: number) => complementaryError(z / Math.SQRT2) / 2

/** Border of the two expansions: both take about 40 terms there for double precision. */
const BORDER = 2

/** erfc(x) for x >= 0: by the series of erf for small x, by a continued fraction for large x (Abramowitz & Stegun 7.1.6, 7.1.14). */
function complementaryError(x: number): number {
  if (x > 27) return 0
  const scale = Math.exp(-x * x) / Math.sqrt(Math.PI)
  if (x < BORDER) {
    let term = 2 * x
    let sum = term
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1)
      sum += term
    }
    return 1 - scale * sum
  }
  let fraction = x
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction
  return scale / fraction
}
