import { HeddleError } from '@heddle/core'
import * as z from 'zod'
import { halfCosine } from './half-cosine.ts'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate, minimum, requireSteps } from './schedule-fields.ts'

/** Half cosines one after the other: the first takes `period` steps, each next one is `growth` times as long. */
export function cosineRestarts(
  learningRate: number,
  options: { period: number; growth?: number; minimum?: number },
): Schedule {
  const { period, growth = 1, minimum = 0 } = options
  requireSteps('cosineRestarts', period)
  if (!(growth >= 1)) {
    throw new HeddleError('config', `cosineRestarts: expected a growth of at least 1, got ${growth}.`)
  }
  return (step) => {
    let start = 0
    let length = period
    while (step >= start + length) {
      start += length
      length *= growth
    }
    return halfCosine(learningRate, minimum, (step - start) / length)
  }
}

export const cosineRestartsSchedule = schedulePoint.of({
  name: 'cosine-restarts',
  summary: 'half cosines down, each starting at the highest rate',
  config: z.strictObject({
    learningRate,
    period: z.int().min(1).describe('steps of the first cosine'),
    growth: z.number().min(1).default(1).describe('length of each cosine relative to the one before'),
    minimum,
  }),
  create: ({ learningRate, ...options }, run) => cosineRestarts(learningRate ?? run.learningRate, options),
})
