import { HeddleError, type PartSpec } from '@heddle/core'
import * as z from 'zod'
import { type AdaptiveSchedule, isAdaptive, type Schedule, schedulePoint } from './schedule.ts'

/**
 * Linear warm-up before any schedule: from 0 to the schedule's first rate in `steps` steps; the schedule starts then.
 *
 * As in transformers' `get_…_schedule_with_warmup`, the very first step has the rate 0.
 */
export function withWarmup(schedule: AdaptiveSchedule, steps: number): AdaptiveSchedule
export function withWarmup(schedule: Schedule, steps: number): Schedule
export function withWarmup(schedule: Schedule, steps: number): Schedule {
  if (!(steps >= 0)) throw new HeddleError('config', `withWarmup: expected steps of at least 0, got ${steps}.`)
  const warmed: Schedule = (step) => (step < steps ? (schedule(0) * step) / steps : schedule(step - steps))
  if (!isAdaptive(schedule)) return warmed
  return Object.assign(warmed, {
    observe: (metric: number) => schedule.observe(metric),
    state: () => schedule.state(),
    restore: (state: unknown) => schedule.restore(state),
  })
}

export const warmupSchedule = schedulePoint.of({
  name: 'warmup',
  summary: 'a linear warm-up before any schedule',
  config: z.strictObject({
    steps: z.int().min(0).describe('steps of the warm-up'),
    schedule: z.looseObject({ type: z.string() }).describe('the schedule that follows, { type, … }'),
  }),
  create: ({ steps, schedule }, run) => {
    const rest = { ...run, steps: Math.max(1, run.steps - steps) }
    return withWarmup(run.registry.create(schedulePoint, schedule as PartSpec, rest), steps)
  },
})
