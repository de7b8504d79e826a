import { distance, GRADIENT_TOLERANCE, VALUE_TOLERANCE } from '@heddle/testing'

/** Something that a handler computed, beside what the case says it is. */
export interface Comparison {
  readonly name: string
  /** Values: 1e-5 + 1e-4 relative; gradients: ten times that; exact: equal as JSON. */
  readonly kind: 'value' | 'gradient' | 'exact'
  readonly shape?: readonly number[]
  readonly expectedShape?: readonly number[]
  readonly actual: ArrayLike<number> | unknown
  readonly expected: ArrayLike<number> | unknown
}

export interface Verdict {
  readonly passed: boolean
  /** Largest |actual - expected| of all numbers. */
  readonly absolute: number
  /** Largest |actual - expected| / |expected| of the numbers that the absolute tolerance alone does not cover. */
  readonly relative: number
  /** The failure in words. */
  readonly failures: readonly string[]
}

/** Judges what a handler computed for one case. */
export function judge(comparisons: readonly Comparison[]): Verdict {
  let absolute = 0
  let relative = 0
  const failures: string[] = []
  for (const { name, kind, shape, expectedShape, actual, expected } of comparisons) {
    if (kind === 'exact') {
      const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)]
      if (a !== e) failures.push(`${name}: ${firstDifference(a, e)}`)
      continue
    }
    if (shape?.join() !== expectedShape?.join()) {
      failures.push(`${name}: expected shape [${expectedShape}], got [${shape}]`)
      continue
    }
    const tolerance = kind === 'value' ? VALUE_TOLERANCE : GRADIENT_TOLERANCE
    const worst = distance(actual as ArrayLike<number>, expected as ArrayLike<number>, tolerance)
    absolute = Math.max(absolute, worst.absolute)
    if (worst.absolute > tolerance.absolute) relative = Math.max(relative, worst.relative)
    if (!(worst.excess <= 1)) {
      failures.push(`${name}: off by ${worst.absolute.toExponential(1)} (relative ${worst.relative.toExponential(1)})`)
    }
  }
  if (comparisons.length === 0) failures.push('nothing was compared')
  return { passed: failures.length === 0, absolute, relative, failures }
}

function firstDifference(actual = 'undefined', expected = 'undefined'): string {
  let i = 0
  while (i < expected.length && actual[i] === expected[i]) i++
  const from = Math.max(0, i - 20)
  return `expected …${expected.slice(from, i + 60)}…, got …${actual.slice(from, i + 60)}…`
}
