import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { halfCosine } from './half-cosine.ts'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, minimum, requireSteps, steps } from './schedule-fields.ts'
import { withWarmup } from './with-warmup.ts'

/** Share of the way from the highest rate to the lowest, by progress from 0 to 1. */
const shapes = {
  cosine: (progress: number) => halfCosine(1, 0, progress),
  linear: (progress: number) => 1 - progress,
  'square-root': (progress: number) => 1 - Math.sqrt(progress),
}

export interface StableDecayOptions {
  /** Number of steps in all, the decay included. */
  readonly steps: number
  /** Number of steps of the decay, at the end. */
  readonly decay: number
  /** Form of the decay (default 'cosine', as transformers'; Hägele et al. find 'square-root' best). */
  readonly shape?: keyof typeof shapes
  /** Lowest rate (default 0). */
  readonly minimum?: number
}

/**
 * `learningRate` until the last `decay` steps, then down to `minimum`. With {@link withWarmup} before it, the schedule called
 * warm-up–stable–decay (WSD): a run can be continued from any step of the stable part, whatever its length.
 *
 * @see Hu et al. 2024, "MiniCPM: unveiling the potential of small language models with scalable training strategies"
 * @see Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations"
 */
export function stableDecay(learningRate: number, options: StableDecayOptions): Schedule {
  const { steps, decay, shape = 'cosine', minimum = 0 } = options
  requireSteps('stableDecay', steps)
  if (!(decay > 0 && decay <= steps)) {
    throw new HeddleError('config', `stableDecay: expected decay from 1 to steps (${steps}), got ${decay}.`)
  }
  const start = steps - decay
  return (step) => {
    const progress = Math.min(Math.max(step - start, 0) / decay, 1)
    return minimum + (learningRate - minimum) * shapes[shape](progress)
  }
}

/** The nearest whole number from 1 to `most`. */
const atLeastOne = (count: number, most: number) => Math.min(most, Math.max(1, Math.round(count)))

export const stableDecaySchedule = schedulePoint.of({
  name: 'warmup-stable-decay',
  summary: 'a linear warm-up, the highest rate for most of the run, then down',
  config: z.strictObject({
    learningRate,
    steps,
    warmup: z
      .union([z.int().min(0), z.number().gt(0).lt(1)])
      .default(0)
      .describe('steps of the warm-up, or below 1 their share of all steps'),
    decay: z
      .union([z.int().min(1), z.number().gt(0).lt(1)])
      .default(0.1)
      .describe('steps of the decay at the end, or below 1 their share of all steps'),
    shape: z
      .enum(['cosine', 'linear', 'square-root'])
      .default('cosine')
      .describe('form of the decay; square-root falls fastest at first'),
    minimum,
  }),
  create: ({ learningRate, steps, warmup: rise, decay, ...options }, run) => {
    const all = steps ?? run.steps
    const warmup = rise < 1 ? Math.round(rise * all) : rise
    const rest = Math.max(1, all - warmup)
    const inner = { ...options, steps: rest, decay: decay < 1 ? atLeastOne(decay * all, rest) : decay }
    // As in transformers, the warm-up starts at the lowest rate too.
    return withWarmup(stableDecay(learningRate ?? run.learningRate, inner), warmup, options.minimum)
  },
})
