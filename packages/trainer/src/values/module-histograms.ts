import type { ValueSample } from './value-sample.ts'

/** Bars of weights. */
const BARS = 30
/** Steps that the range of weights is first divided into, to find where most of them lie. */
const FINE = 1024
/** Share of the weights at each end that may lie beyond the bars. */
const BEYOND = 0.001
/** Most modules of a line of the log. */
const MODULES = 16

/** Values between equal borders; the first and the last bar count those beyond too. Counts are estimates where tensors are large. */
export interface WeightHistogram {
  readonly min: number
  readonly max: number
  /** Left border of the first bar and right border of the last one, which leave out a few outliers. */
  readonly from: number
  readonly to: number
  readonly counts: readonly number[]
}

/** Absolute values by magnitude: `counts[i]` of them are from 10^(from + i/2) on, below 10^(from + (i+1)/2). */
export interface GradientHistogram {
  readonly zeros: number
  readonly from: number
  readonly counts: readonly number[]
}

/** Histogram of weights with 30 bars over the range that all but 0.1 % at each end lie in. */
export function weightHistogram(samples: readonly ValueSample[]): WeightHistogram {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { values } of samples) {
    for (const value of values) {
      if (value < min) min = value
      if (value > max) max = value
    }
  }
  if (min >= max) return { min, max, from: min, to: max, counts: [total(samples)] }
  const fine = bars(samples, min, max, FINE)
  const limit = BEYOND * total(samples)
  let [first, last] = [0, FINE - 1]
  for (let sum = fine[0]!; sum <= limit; sum += fine[first]!) first++
  for (let sum = fine[FINE - 1]!; sum <= limit; sum += fine[last]!) last--
  const width = (max - min) / FINE
  // More digits than the bars can show would make the log longer.
  const digits = Math.min(100, Math.max(0, Math.ceil(3 - Math.log10((last + 1 - first) * width))))
  const rounded = (value: number) => Number(value.toFixed(digits))
  const [from, to] = [rounded(min + first * width), rounded(min + (last + 1) * width)]
  return { min: rounded(min), max: rounded(max), from, to, counts: bars(samples, from, to, BARS).map(Math.round) }
}

/** Histogram of gradients by magnitude, in steps of half a power of ten from 1e-12 on. */
export function gradientHistogram(samples: readonly ValueSample[]): GradientHistogram {
  const counts: number[] = []
  let [zeros, from] = [0, Number.POSITIVE_INFINITY]
  for (const { size, values } of samples) {
    const weight = size / values.length
    for (const value of values) {
      if (value === 0) zeros += weight
      else {
        const half = Math.max(-24, Math.floor(2 * Math.log10(Math.abs(value))))
        if (half < from) {
          const before = from === Number.POSITIVE_INFINITY ? 0 : from - half
          counts.unshift(...new Array<number>(before).fill(0))
          from = half
        }
        counts[half - from] = (counts[half - from] ?? 0) + weight
      }
    }
  }
  // Holes of a sparse array become zeros.
  const whole = Array.from(counts, (count = 0) => Math.round(count))
  return { zeros: Math.round(zeros), from: counts.length === 0 ? 0 : from / 2, counts: whole }
}

/**
 * Groups parameters by module, as deep in the tree as leaves at most 16 groups; a model with more modules than that at its root
 * has the rest as one.
 *
 * @param paths of parameters, such as `encoder.layers.0.query.weight`
 * @returns paths by the name of their group, in their order
 */
export function groupedByModule(paths: readonly string[]): Map<string, string[]> {
  const parts = paths.map((path) => path.split('.'))
  const groupsAt = (depth: number) => {
    const groups = new Map<string, string[]>()
    for (const [i, path] of paths.entries()) {
      const name = parts[i]!.slice(0, depth).join('.')
      groups.set(name, [...(groups.get(name) ?? []), path])
    }
    return groups
  }
  for (let depth = Math.max(1, ...parts.map(({ length }) => length)); depth > 0; depth--) {
    const groups = groupsAt(depth)
    if (groups.size <= MODULES) return groups
  }
  const groups = [...groupsAt(1)]
  const rest = groups.slice(MODULES - 1).flatMap(([, some]) => some)
  return new Map([...groups.slice(0, MODULES - 1), ['(others)', rest]])
}

const total = (samples: readonly ValueSample[]) => samples.reduce((sum, { size }) => sum + size, 0)

/** Weighted counts of `count` bars between two borders. */
function bars(samples: readonly ValueSample[], from: number, to: number, count: number): number[] {
  const counts = new Array<number>(count).fill(0)
  const scale = count / (to - from)
  for (const { size, values } of samples) {
    const weight = size / values.length
    for (const value of values) {
      const i = Math.floor((value - from) * scale)
      counts[i < 0 ? 0 : i >= count ? count - 1 : i]! += weight
    }
  }
  return counts
}
