import type { ParameterValues } from '../space/space.ts'

/** Whether less or more of the monitored metric is better. */
export type Direction = 'minimize' | 'maximize'

/** The monitored metric at a validation. */
export interface Report {
  readonly step: number
  /** NaN where the metric is not a number. */
  readonly value: number
}

export type TrialState = 'running' | 'complete' | 'pruned' | 'failed'

/** One training of a search. */
export interface Trial {
  /** From 0. */
  readonly number: number
  readonly parameters: ParameterValues
  readonly state: TrialState
  /** The best report of a trial that is complete, the last one of a trial that was pruned. */
  readonly value?: number | undefined
  readonly reports: readonly Report[]
  /** Reason of a failure. */
  readonly error?: string | undefined
  /** Validation metrics at the best step, by name. */
  readonly metrics?: Readonly<Record<string, number>> | undefined
  readonly seconds?: number | undefined
}

/** The end of a trial. */
export interface TrialOutcome {
  readonly state: 'complete' | 'pruned' | 'failed'
  readonly value?: number | undefined
  /** All reports, also those from before the trial was resumed. */
  readonly reports: readonly Report[]
  readonly error?: string | undefined
  readonly metrics?: Readonly<Record<string, number>> | undefined
  /** Time of training in all. */
  readonly seconds?: number | undefined
}

/** Compares two values: below 0 when `a` is better. NaN is worse than any number. */
export function compareValues(a: number, b: number, direction: Direction): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return direction === 'minimize' ? a - b : b - a
}

/** The best of some values; undefined without any. */
export const bestOf = (values: readonly number[], direction: Direction): number | undefined =>
  values.length === 0
    ? undefined
    : values.reduce((best, value) => (compareValues(value, best, direction) < 0 ? value : best))

/** The best trial that is complete, the earliest of equal ones. */
export function bestTrial(trials: readonly Trial[], direction: Direction): Trial | undefined {
  return trials
    .filter(({ state, value }) => state === 'complete' && value !== undefined && !Number.isNaN(value))
    .reduce<Trial | undefined>(
      (best, trial) => (best === undefined || compareValues(trial.value!, best.value!, direction) < 0 ? trial : best),
      undefined,
    )
}
