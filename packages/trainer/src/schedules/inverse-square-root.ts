import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, requireSteps } from './schedule-fields.ts'

/** learningRate / √(1 + step / timescale): after a warm-up of `timescale` steps the shape of `noam`. */
export function inverseSquareRoot(learningRate: number, options: { timescale: number }): Schedule {
  requireSteps('inverseSquareRoot', options.timescale)
  return (step) => learningRate / Math.sqrt(1 + step / options.timescale)
}

export const inverseSquareRootSchedule = schedulePoint.of({
  name: 'inverse-square-root',
  summary: 'divided by the square root of the step',
  config: z.strictObject({
    learningRate,
    timescale: z.int().min(1).describe('the rate falls with 1 / √(1 + step / timescale)'),
  }),
  create: ({ learningRate, ...options }, run) => inverseSquareRoot(learningRate ?? run.learningRate, options),
})
