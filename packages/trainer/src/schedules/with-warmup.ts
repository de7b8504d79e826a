import { HeddleError, type PartSpec } from '@heddle/core'
import * as z from 'zod'
import { type AdaptiveSchedule, isAdaptive, type Schedule, schedulePoint } from './schedule.ts'

/**
 * Linear warm-up before any schedule: from the rate `from` to the schedule's first rate in `steps` steps; the schedule starts then.
 *
 * As in transformers' `get_…_schedule_with_warmup`, the very first step has the rate 0 by default.
 */
export function withWarmup(schedule: AdaptiveSchedule, steps: number, from?: number): AdaptiveSchedule
export function withWarmup(schedule: Schedule, steps: number, from?: number): Schedule
export function withWarmup(schedule: Schedule, steps: number, from = 0): Schedule {
  if (!(steps >= 0)) throw new HeddleError('config', `withWarmup: expected steps of at least 0, got ${steps}.`)
  const rising = (step: number) => from + ((schedule(0) - from) * step) / steps
  const warmed: Schedule = (step) => (step < steps ? rising(step) : schedule(step - steps))
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
    from: z.number().min(0).default(0).describe('rate of the first step'),
    schedule: z.looseObject({ type: z.string() }).describe('the schedule that follows, { type, … }'),
  }),
  create: ({ steps, from, schedule }, run) => {
    const rest = { ...run, steps: Math.max(1, run.steps - steps) }
    return withWarmup(run.registry.create(schedulePoint, schedule as PartSpec, rest), steps, from)
  },
})
