import * as z from 'zod'
import { halfCosine } from './half-cosine.ts'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, minimum, requireSteps, steps } from './schedule-fields.ts'

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

export const cosineSchedule = schedulePoint.of({
  name: 'cosine',
  summary: 'half a cosine down',
  config: z.strictObject({ learningRate, steps, minimum }),
  create: ({ learningRate, steps, minimum }, run) =>
    cosine(learningRate ?? run.learningRate, { steps: steps ?? run.steps, minimum }),
})
