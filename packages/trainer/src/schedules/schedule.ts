import { ExtensionPoint, type Registry } from '@heddle/core'

/** Returns the learning rate of a step; steps count from 0, as in PyTorch. */
export type Schedule = (step: number) => number

/** A schedule that also reacts to a validation metric and therefore has a state. */
export interface AdaptiveSchedule extends Schedule {
  /** Receives the monitored metric after each validation. */
  observe(metric: number): void
  /** The state as JSON. */
  state(): unknown
  restore(state: unknown): void
}

export function isAdaptive(schedule: Schedule): schedule is AdaptiveSchedule {
  return 'observe' in schedule
}

/** Settings of the run. Each schedule takes from them what it needs and its own config does not say. */
export interface ScheduleContext {
  /** Number of steps that the schedule covers. */
  readonly steps: number
  /** First, or highest, learning rate. */
  readonly learningRate: number
  /** Whether less ('min') or more ('max') of the monitored metric is better. */
  readonly mode: 'min' | 'max'
  /** Registry of the schedules inside schedules. */
  readonly registry: Registry
}

/** Schedules by name: `{ "type": "warmup", "steps": 100, "schedule": { "type": "cosine", "minimum": 1e-5 } }`. */
export const schedulePoint = new ExtensionPoint<Schedule, ScheduleContext>('schedule')
