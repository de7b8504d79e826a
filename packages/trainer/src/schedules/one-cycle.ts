import * as z from 'zod'
import { halfCosine } from './half-cosine.ts'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, requireSteps, steps } from './schedule-fields.ts'

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

export const oneCycleSchedule = schedulePoint.of({
  name: 'one-cycle',
  summary: 'up and down once',
  config: z.strictObject({
    learningRate,
    steps,
    rise: z.number().positive().lt(1).default(0.3).describe('share of the steps on the way up'),
    startFactor: z.number().min(1).default(25).describe('highest rate divided by the first'),
    endFactor: z.number().min(1).default(1e4).describe('first rate divided by the last'),
  }),
  create: ({ learningRate, steps, ...options }, run) =>
    oneCycle(learningRate ?? run.learningRate, { ...options, steps: steps ?? run.steps }),
})
