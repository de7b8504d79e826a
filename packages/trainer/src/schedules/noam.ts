import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { requireSteps } from './schedule-fields.ts'

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

export const noamSchedule = schedulePoint.of({
  name: 'noam',
  summary: "the Transformer's: warm-up, then divided by the square root of the step; sets the rate itself",
  config: z.strictObject({
    modelSize: z.int().min(1).describe('features of the model'),
    warmup: z.int().min(1).describe('steps of the warm-up'),
    factor: z.number().positive().default(1).describe('factor of every rate'),
  }),
  create: (config) => noam(config),
})
