import type { RandomStream } from '@heddle/core'
import { type Scale, scaleOf } from '../space/scale.ts'
import type { NumericParameter, Parameter } from '../space/space.ts'
import { normalMass } from './normal.ts'

/** A density over the values of one parameter. */
export interface Density {
  sample(rng: RandomStream): unknown
  /** The logarithm of the density, up to a constant that is the same for all densities of the parameter. */
  logDensity(value: unknown): number
}

/** Weight of the prior beside observations of weight 1. */
const PRIOR = 1
/** Observations, the newest ones, that have full weight. */
const FULL_WEIGHT = 25

/**
 * The Parzen estimator of TPE: a mixture of a kernel around each observation and a prior over the whole range.
 *
 * Numbers have normal kernels, cut off at the ends of the range, on the parameter's scale. The width of one is the distance to the
 * farther of its two neighbors, at least 1/min(100, n + 2) of the range for n observations, and at most the range. The kernel of a choice has weight 1 for its value and shares the
 * prior's weight among all.
 *
 * @param observations values of the parameter, oldest first
 * @see Bergstra et al. 2011, "Algorithms for hyper-parameter optimization", section 4; constants as in Optuna's TPESampler
 */
export function parzenEstimator(parameter: Parameter, observations: readonly unknown[]): Density {
  if (parameter.type === 'choice') return choiceDensity(parameter.values, observations)
  return numericDensity(parameter, observations as readonly number[])
}

/** Weights of n observations, oldest first: beyond 25, older ones count less and less. */
export function observationWeights(n: number): number[] {
  const old = Math.max(0, n - FULL_WEIGHT)
  const ramp = Array.from({ length: old }, (_, i) => (old === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * i) / (old - 1)))
  return [...ramp, ...Array.from({ length: n - old }, () => 1)]
}

function normalized(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

function choiceDensity(values: readonly unknown[], observations: readonly unknown[]): Density {
  const texts = values.map((value) => JSON.stringify(value))
  const indexOf = (value: unknown) => texts.indexOf(JSON.stringify(value))
  const weights = normalized([...observationWeights(observations.length), PRIOR])
  const probabilities = values.map(() => 0)
  for (const [k, weight] of weights.entries()) {
    const isPrior = k === observations.length
    const share = isPrior ? PRIOR : PRIOR / weights.length
    const total = share * values.length + (isPrior ? 0 : 1)
    for (const i of values.keys()) probabilities[i]! += (weight * share) / total
    if (!isPrior) probabilities[indexOf(observations[k])]! += weight / total
  }
  return {
    sample: (rng) => values[rng.weighted(probabilities)],
    logDensity: (value) => Math.log(probabilities[indexOf(value)]!),
  }
}

interface Kernel {
  readonly mean: number
  readonly width: number
  /** Share of the mixture, divided by the part of the kernel that lies in the range. */
  readonly height: number
}

function numericDensity(parameter: NumericParameter, observations: readonly number[]): Density {
  const scale = scaleOf(parameter)
  const weights = normalized([...observationWeights(observations.length), PRIOR])
  const kernels = kernelsOf(observations.map(scale.place), weights, scale)
  return {
    sample(rng) {
      const { mean, width } = kernels[rng.weighted(weights)]!
      // A third of the draws at least lie in the range, which holds the mean and is no narrower than the width.
      for (;;) {
        const place = rng.normal(mean, width)
        if (place >= scale.low && place <= scale.high) return scale.valueAt(place)
      }
    },
    logDensity: (value) => logMixture(kernels.map((kernel) => logKernel(kernel, value as number, scale))),
  }
}

function kernelsOf(places: readonly number[], weights: readonly number[], { low, high }: Scale): Kernel[] {
  const range = high - low
  const least = range / Math.min(100, places.length + 2)
  const order = [...places.keys()].sort((a, b) => places[a]! - places[b]!)
  const widths = new Array<number>(places.length)
  for (const [rank, i] of order.entries()) {
    const here = places[i]!
    const before = rank === 0 ? undefined : places[order[rank - 1]!]!
    const after = rank === order.length - 1 ? undefined : places[order[rank + 1]!]!
    // The ends of the range count as neighbors of an only observation.
    const gaps = order.length === 1 ? [here - low, high - here] : [here - (before ?? here), (after ?? here) - here]
    widths[i] = Math.min(range, Math.max(least, ...gaps))
  }
  const all = [...places.map((mean, i) => ({ mean, width: widths[i]! })), { mean: (low + high) / 2, width: range }]
  return all.map(({ mean, width }, i) => {
    const inRange = normalMass((low - mean) / width, (high - mean) / width)
    return { mean, width, height: weights[i]! / inRange }
  })
}

function logKernel({ mean, width, height }: Kernel, value: number, { half, place }: Scale): number {
  if (half > 0) {
    return Math.log(height * normalMass((place(value - half) - mean) / width, (place(value + half) - mean) / width))
  }
  const z = (place(value) - mean) / width
  return Math.log(height / (width * Math.sqrt(2 * Math.PI))) - (z * z) / 2
}

function logMixture(logs: readonly number[]): number {
  const largest = Math.max(...logs)
  if (largest === Number.NEGATIVE_INFINITY) return largest
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0))
}
