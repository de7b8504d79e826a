import type * as tf from '@tensorflow/tfjs-core'

/** Distance of numbers from the expected ones. */
export interface Distance {
  /** Largest |actual - expected|. */
  readonly absolute: number
  /** Largest |actual - expected| / |expected| where expected is not 0. */
  readonly relative: number
  /** Largest |actual - expected| / (absolute + relative·|expected|) of the tolerance: at most 1 where it is kept. */
  readonly excess: number
}

export interface Tolerance {
  readonly absolute: number
  readonly relative: number
}

/** Compares numbers; a NaN or a wrong count is infinitely far, equal infinities are not. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): Distance {
  let absolute = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY
  let relative = absolute
  let excess = absolute
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] ?? Number.NaN
    const e = expected[i]!
    if (Object.is(a, e) || a === e) continue
    const gap = Number.isFinite(a) && Number.isFinite(e) ? Math.abs(a - e) : Number.POSITIVE_INFINITY
    absolute = Math.max(absolute, gap)
    if (e !== 0) relative = Math.max(relative, gap / Math.abs(e))
    excess = Math.max(excess, gap / (tolerance.absolute + tolerance.relative * Math.abs(e)))
  }
  return { absolute, relative, excess }
}

/** The tolerance of golden values: 1e-5 absolute plus 1e-4 relative. */
export const VALUE_TOLERANCE: Tolerance = { absolute: 1e-5, relative: 1e-4 }
/** The tolerance of golden gradients: ten times that of values. */
export const GRADIENT_TOLERANCE: Tolerance = { absolute: 1e-4, relative: 1e-3 }

/** @throws Error when the two differ in shape or by more than the tolerance */
export function expectClose(
  actual: tf.Tensor,
  expected: tf.Tensor,
  tolerance: Tolerance = VALUE_TOLERANCE,
  what = 'expectClose',
): void {
  if (actual.shape.join() !== expected.shape.join()) {
    throw new Error(`${what}: expected shape [${expected.shape}], got [${actual.shape}].`)
  }
  const { absolute, relative, excess } = distance(actual.dataSync(), expected.dataSync(), tolerance)
  if (excess > 1) {
    throw new Error(`${what}: expected equal numbers, got a difference of ${absolute} (relative ${relative}).`)
  }
}
