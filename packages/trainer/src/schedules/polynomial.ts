import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, requireSteps, steps } from './schedule-fields.ts'

/** end + (learningRate - end)·(1 - step / steps)^power, and `end` from then on; numbers as torch's PolynomialLR. */
export function polynomial(learningRate: number, options: { steps: number; power?: number; end?: number }): Schedule {
  const { steps, power = 1, end = 0 } = options
  requireSteps('polynomial', steps)
  if (!(power > 0)) throw new HeddleError('config', `polynomial: expected a power above 0, got ${power}.`)
  return (step) => end + (learningRate - end) * (1 - Math.min(step / steps, 1)) ** power
}

export const polynomialSchedule = schedulePoint.of({
  name: 'polynomial',
  summary: 'down along a power of the remaining share of the steps',
  config: z.strictObject({
    learningRate,
    steps,
    power: z.number().positive().default(1).describe('exponent; 1 is a straight line, 2 falls fast and flattens out'),
    end: z.number().min(0).default(0).describe('last rate'),
  }),
  create: ({ learningRate, steps, ...options }, run) =>
    polynomial(learningRate ?? run.learningRate, { ...options, steps: steps ?? run.steps }),
})
