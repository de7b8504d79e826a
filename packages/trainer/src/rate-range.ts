import { HeddleError } from '@heddle/core'
import { loadStateDict } from '@heddle/layers'
import { snapshot } from './best-weights.ts'
import { Trainer } from './trainer.ts'
import type { TrainerOptions } from './trainer-options.ts'

export interface RateRangeOptions {
  /** First and last learning rate (defaults 1e-6 and 1). */
  readonly from?: number
  readonly to?: number
  /** Number of steps from the first to the last (default 100). */
  readonly steps?: number
  /** Weight of the earlier losses in the smoothed one (default 0.9). */
  readonly smoothing?: number
  /** Factor of the lowest smoothed loss at which the test ends (default 4). */
  readonly diverged?: number
}

export interface RateRange {
  readonly points: readonly { readonly learningRate: number; readonly loss: number; readonly smoothed: number }[]
  /** Rate at which the loss falls fastest, at most a tenth of the one at which it is lowest; undefined when it never falls. */
  readonly suggestion: number | undefined
}

/** Losses at the start that show no slope yet. */
const LEAST_POINTS = 5

/**
 * Learning-rate range test: a few steps with a rate that grows geometrically, until the loss diverges. The rate at which the loss
 * falls fastest is a good highest rate.
 *
 * Weights are put back afterwards; optimizer and batch source are used up, so make new ones to train.
 *
 * @see Smith 2017, "Cyclical learning rates for training neural networks", section 3.3
 */
export async function rateRange<E, B>(
  options: Omit<TrainerOptions<E, B>, 'schedule' | 'steps' | 'store' | 'resume' | 'events' | 'patience'>,
  { from = 1e-6, to = 1, steps = 100, smoothing = 0.9, diverged = 4 }: RateRangeOptions = {},
  signal?: AbortSignal,
): Promise<RateRange> {
  if (!(from > 0 && to > from) || !Number.isSafeInteger(steps) || steps < 2 * LEAST_POINTS) {
    throw new HeddleError(
      'config',
      `rateRange: expected 0 < from < to and at least ${2 * LEAST_POINTS} steps, got from ${from}, to ${to} and ${steps} steps.`,
    )
  }
  const weights = await snapshot(options.model)
  const points: { learningRate: number; loss: number; smoothed: number }[] = []
  const controller = new AbortController()
  const stop = () => controller.abort()
  signal?.addEventListener('abort', stop)
  let [mean, lowest] = [0, Number.POSITIVE_INFINITY]
  const { validation: _, evaluate: __, ...training } = options
  const trainer = new Trainer<E, B>({
    ...training,
    steps,
    schedule: (step) => from * (to / from) ** (step / (steps - 1)),
    nonFinite: 'skip',
    events: {
      onSkipped: stop,
      onStep({ loss, learningRate }) {
        mean = smoothing * mean + (1 - smoothing) * loss
        // As in Adam: the mean starts at 0.
        const smoothed = mean / (1 - smoothing ** (points.length + 1))
        points.push({ learningRate, loss, smoothed })
        lowest = Math.min(lowest, smoothed)
        if (points.length > LEAST_POINTS && smoothed > diverged * lowest) controller.abort()
      },
    },
  })
  try {
    signal?.throwIfAborted()
    await trainer.train(controller.signal)
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', stop)
    trainer.dispose()
    loadStateDict(options.model, weights)
  }
  return { points, suggestion: steepest(points) }
}

/** Weight of the neighbors in the loss that tells the suggestion. */
const CENTERED = 0.7
/** The suggestion is at most this part of the rate with the lowest loss, near which training is about to diverge. */
const BELOW_LOWEST = 0.1

/**
 * The rate of the steepest descent of the loss over the logarithm of the rate, before its lowest point. The loss is smoothed in both directions: the
 * smoothed one of the plot lags behind, so that its slope is that of lower rates.
 */
function steepest(points: RateRange['points']): number | undefined {
  const losses = centered(points.map(({ loss }) => loss))
  const rates = points.map(({ learningRate }) => learningRate)
  const lowest = losses.reduce((best, loss, i) => (loss < losses[best]! ? i : best), 0)
  let best: { slope: number; rate: number } | undefined
  for (let i = LEAST_POINTS; i < lowest; i++) {
    const slope = (losses[i + 1]! - losses[i - 1]!) / Math.log(rates[i + 1]! / rates[i - 1]!)
    if (slope < 0 && (best === undefined || slope < best.slope)) best = { slope, rate: rates[i]! }
  }
  return best && Math.min(best.rate, BELOW_LOWEST * rates[lowest]!)
}

/** Means with weights that fall with the distance in both directions. */
function centered(values: readonly number[]): number[] {
  const pass = (all: readonly number[]) => {
    let mean = all[0]!
    return all.map((value) => (mean = CENTERED * mean + (1 - CENTERED) * value))
  }
  return pass(pass(values).reverse()).reverse()
}
