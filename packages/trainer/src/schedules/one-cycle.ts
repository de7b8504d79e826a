import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { halfCosine } from './half-cosine.ts'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, requireSteps, steps } from './schedule-fields.ts'

/** A value between `from` and `to`, as progress goes from 0 to 1. */
const shapes = {
  cosine: halfCosine,
  linear: (from: number, to: number, progress: number) => from + (to - from) * progress,
}

/**
 * Half a cosine up to `learningRate` and half a cosine down to nearly nothing; numbers as torch's OneCycleLR.
 *
 * @param options.rise share of the steps that the way up takes (default 0.3)
 * @param options.startFactor the first rate is learningRate / startFactor (default 25)
 * @param options.endFactor the last rate is the first one / endFactor (default 10000)
 * @param options.shape form of both ways (default 'cosine')
 * @param options.threePhase whether the way down leads to the first rate, as long as the way up, and from there to the last one
 * @see Smith & Topin 2019, "Super-convergence"
 */
export function oneCycle(
  learningRate: number,
  options: {
    steps: number
    rise?: number
    startFactor?: number
    endFactor?: number
    shape?: keyof typeof shapes
    threePhase?: boolean
  },
): Schedule {
  const { steps, rise = 0.3, startFactor = 25, endFactor = 1e4, shape = 'cosine', threePhase = false } = options
  requireSteps('oneCycle', steps)
  if (threePhase && !(rise < 0.5)) {
    throw new HeddleError('config', `oneCycle: expected a rise below 0.5 with three phases, got ${rise}.`)
  }
  const start = learningRate / startFactor
  const end = start / endFactor
  const top = rise * steps - 1
  const last = steps - 1
  const move = shapes[shape]
  return (step) => {
    if (step <= top) return move(start, learningRate, top === 0 ? 1 : step / top)
    if (!threePhase) return move(learningRate, end, Math.min((step - top) / (last - top), 1))
    const middle = 2 * top
    if (step <= middle) return move(learningRate, start, (step - top) / (middle - top))
    return move(start, end, Math.min((step - middle) / (last - middle), 1))
  }
}

export const oneCycleSchedule = schedulePoint.of({
  name: 'one-cycle',
  summary: 'up and down once',
  config: z.strictObject({
    learningRate,
    steps,
    rise: z.number().positive().lt(1).default(0.3).describe('share of the steps on the way up'),
    startFactor: z.number().min(1).default(25).describe('highest rate divided by the first'),
    endFactor: z.number().min(1).default(1e4).describe('first rate divided by the last'),
    shape: z.enum(['cosine', 'linear']).default('cosine').describe('form of both ways'),
    threePhase: z
      .boolean()
      .default(false)
      .describe('down to the first rate in as many steps as up, then from there to the last rate'),
  }),
  create: ({ learningRate, steps, ...options }, run) =>
    oneCycle(learningRate ?? run.learningRate, { ...options, steps: steps ?? run.steps }),
})
