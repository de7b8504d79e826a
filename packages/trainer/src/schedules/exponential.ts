import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { gamma, learningRate } from './schedule-fields.ts'

/** learningRate · gammaˢᵗᵉᵖ */
export const exponential =
  (learningRate: number, options: { gamma: number }): Schedule =>
  (step) =>
    learningRate * options.gamma ** step

export const exponentialSchedule = schedulePoint.of({
  name: 'exponential',
  summary: 'multiplied by a factor at every step',
  config: z.strictObject({ learningRate, gamma }),
  create: ({ learningRate, ...options }, run) => exponential(learningRate ?? run.learningRate, options),
})
