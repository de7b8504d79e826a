import * as z from 'zod'
import { type Schedule, schedulePoint } from './schedule.ts'
import { learningRate } from './schedule-fields.ts'

/** The same rate at every step. */
export const constant =
  (learningRate: number): Schedule =>
  () =>
    learningRate

export const constantSchedule = schedulePoint.of({
  name: 'constant',
  summary: 'the same rate at every step',
  config: z.strictObject({ learningRate }),
  create: (config, run) => constant(config.learningRate ?? run.learningRate),
})
