import { ExtensionPoint, type Registry } from '@heddle/core'

/** The learning rate of a step; steps count from 0, as in PyTorch. */
export type Schedule = (step: number) => number

/** A schedule that also reacts to a validation metric, and so has a state of its own. */
export interface AdaptiveSchedule extends Schedule {
  /** Told the monitored metric after each validation. */
  observe(metric: number): void
  /** JSON. */
  state(): unknown
  restore(state: unknown): void
}

export function isAdaptive(schedule: Schedule): schedule is AdaptiveSchedule {
  return 'observe' in schedule
}

export interface ScheduleContext {
  /** How many steps there are in all: what a schedule that needs an end uses unless its config says otherwise. */
  readonly steps: number
  /** Where schedules inside schedules are looked up. */
  readonly registry: Registry
}

/** Schedules by name: `{ "type": "warmup", "steps": 100, "schedule": { "type": "cosine", "learningRate": 1e-3 } }`. */
export const schedulePoint = new ExtensionPoint<Schedule, ScheduleContext>('schedule')
