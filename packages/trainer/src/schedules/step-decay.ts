import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { gamma, learningRate, requireSteps } from './schedule-fields.ts'

/** Multiplies the rate by `gamma` every `every` steps. */
export function stepDecay(learningRate: number, options: { every: number; gamma?: number }): Schedule {
  const { every, gamma = 0.1 } = options
  requireSteps('stepDecay', every)
  return (step) => learningRate * gamma ** Math.floor(step / every)
}

export const stepDecaySchedule = schedulePoint.of({
  name: 'step-decay',
  summary: 'multiplied by a factor at regular intervals',
  config: z.strictObject({
    learningRate,
    every: z.int().min(1).describe('steps between changes'),
    gamma: gamma.default(0.1),
  }),
  create: ({ learningRate, ...options }, run) => stepDecay(learningRate ?? run.learningRate, options),
})
