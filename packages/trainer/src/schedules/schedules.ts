import { HeddleError } from '@heddle/core'
import { type AdaptiveSchedule, isAdaptive, type Schedule } from './schedule.ts'

/** The same rate at every step. */
export const constant =
  (learningRate: number): Schedule =>
  () =>
    learningRate

/** Multiplied by `gamma` every `every` steps. */
export function stepDecay(learningRate: number, options: { every: number; gamma?: number }): Schedule {
  const { every, gamma = 0.1 } = options
  requireSteps('stepDecay', every)
  return (step) => learningRate * gamma ** Math.floor(step / every)
}

/** Multiplied by `gamma` at each of the steps in `milestones`. */
export function multiStep(learningRate: number, options: { milestones: readonly number[]; gamma?: number }): Schedule {
  const { milestones, gamma = 0.1 } = options
  return (step) => learningRate * gamma ** milestones.filter((milestone) => step >= milestone).length
}

/** learningRate · gammaˢᵗᵉᵖ */
export const exponential =
  (learningRate: number, options: { gamma: number }): Schedule =>
  (step) =>
    learningRate * options.gamma ** step

/**
 * Half a cosine from `learningRate` down to `minimum` in `steps` steps, and `minimum` from then on.
 *
 * @see Loshchilov & Hutter 2017, "SGDR: stochastic gradient descent with warm restarts"
 */
export function cosine(learningRate: number, options: { steps: number; minimum?: number }): Schedule {
  const { steps, minimum = 0 } = options
  requireSteps('cosine', steps)
  return (step) => halfCosine(learningRate, minimum, Math.min(step / steps, 1))
}

/** Cosines that start again: the first takes `period` steps, each next one `growth` times as many. */
export function cosineRestarts(
  learningRate: number,
  options: { period: number; growth?: number; minimum?: number },
): Schedule {
  const { period, growth = 1, minimum = 0 } = options
  requireSteps('cosineRestarts', period)
  if (!(growth >= 1)) {
    throw new HeddleError('config', `cosineRestarts: expected a growth of at least 1, got ${growth}.`)
  }
  return (step) => {
    let start = 0
    let length = period
    while (step >= start + length) {
      start += length
      length *= growth
    }
    return halfCosine(learningRate, minimum, (step - start) / length)
  }
}

/** A straight line from `learningRate` to `end` in `steps` steps, and `end` from then on. */
export function linear(learningRate: number, options: { steps: number; end?: number }): Schedule {
  const { steps, end = 0 } = options
  requireSteps('linear', steps)
  return (step) => learningRate + (end - learningRate) * Math.min(step / steps, 1)
}

/** learningRate / √(1 + step / timescale): after a warm-up of `timescale` steps the shape of Noam's schedule. */
export function inverseSquareRoot(learningRate: number, options: { timescale: number }): Schedule {
  requireSteps('inverseSquareRoot', options.timescale)
  return (step) => learningRate / Math.sqrt(1 + step / options.timescale)
}

/**
 * factor · modelSize^-½ · min(t^-½, t · warmup^-1½) with t = step + 1: warm-up included.
 *
 * @see Vaswani et al. 2017, "Attention is all you need", section 5.3
 */
export function noam(options: { modelSize: number; warmup: number; factor?: number }): Schedule {
  const { modelSize, warmup, factor = 1 } = options
  requireSteps('noam', warmup)
  return (step) => factor * modelSize ** -0.5 * Math.min((step + 1) ** -0.5, (step + 1) * warmup ** -1.5)
}

/**
 * Half a cosine up to `learningRate` and half a cosine down to nearly nothing; numbers as torch's OneCycleLR.
 *
 * @param options.rise share of the steps that the way up takes (default 0.3)
 * @param options.startFactor the first rate is learningRate / startFactor (default 25)
 * @param options.endFactor the last rate is the first one / endFactor (default 10000)
 * @see Smith & Topin 2019, "Super-convergence"
 */
export function oneCycle(
  learningRate: number,
  options: { steps: number; rise?: number; startFactor?: number; endFactor?: number },
): Schedule {
  const { steps, rise = 0.3, startFactor = 25, endFactor = 1e4 } = options
  requireSteps('oneCycle', steps)
  const start = learningRate / startFactor
  const end = start / endFactor
  const top = rise * steps - 1
  const last = steps - 1
  return (step) => {
    if (step <= top) return halfCosine(start, learningRate, top === 0 ? 1 : step / top)
    return halfCosine(learningRate, end, Math.min((step - top) / (last - top), 1))
  }
}

/**
 * Linear warm-up before any schedule: from 0 to the schedule's first rate in `steps` steps; the schedule starts then.
 *
 * As in transformers' `get_…_schedule_with_warmup`, the very first step has the rate 0.
 */
export function withWarmup(schedule: AdaptiveSchedule, steps: number): AdaptiveSchedule
export function withWarmup(schedule: Schedule, steps: number): Schedule
export function withWarmup(schedule: Schedule, steps: number): Schedule {
  if (!(steps >= 0)) throw new HeddleError('config', `withWarmup: expected steps of at least 0, got ${steps}.`)
  const warmed: Schedule = (step) => (step < steps ? (schedule(0) * step) / steps : schedule(step - steps))
  if (!isAdaptive(schedule)) return warmed
  return Object.assign(warmed, {
    observe: (metric: number) => schedule.observe(metric),
    state: () => schedule.state(),
    restore: (state: unknown) => schedule.restore(state),
  })
}

function halfCosine(from: number, to: number, progress: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * progress))) / 2
}

function requireSteps(where: string, steps: number): void {
  if (!(steps > 0)) throw new HeddleError('config', `${where}: expected a number of steps above 0, got ${steps}.`)
}
