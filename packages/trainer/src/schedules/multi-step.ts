import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { gamma, learningRate } from './schedule-fields.ts'

/** Multiplies the rate by `gamma` at each of the steps in `milestones`. */
export function multiStep(learningRate: number, options: { milestones: readonly number[]; gamma?: number }): Schedule {
  const { milestones, gamma = 0.1 } = options
  return (step) => learningRate * gamma ** milestones.filter((milestone) => step >= milestone).length
}

export const multiStepSchedule = schedulePoint.of({
  name: 'multi-step',
  summary: 'multiplied by a factor at given steps',
  config: z.strictObject({
    learningRate,
    milestones: z.array(z.int().min(0)).describe('steps at which the rate changes'),
    gamma: gamma.default(0.1),
  }),
  create: ({ learningRate, ...options }, run) => multiStep(learningRate ?? run.learningRate, options),
})
