import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, requireSteps, steps } from './schedule-fields.ts'

/** A straight line from `learningRate` to `end` in `steps` steps, and `end` from then on. */
export function linear(learningRate: number, options: { steps: number; end?: number }): Schedule {
  const { steps, end = 0 } = options
  requireSteps('linear', steps)
  return (step) => learningRate + (end - learningRate) * Math.min(step / steps, 1)
}

export const linearSchedule = schedulePoint.of({
  name: 'linear',
  summary: 'a straight line down',
  config: z.strictObject({ learningRate, steps, end: z.number().min(0).default(0).describe('last rate') }),
  create: ({ learningRate, steps, end }, run) =>
    linear(learningRate ?? run.learningRate, { steps: steps ?? run.steps, end }),
})
