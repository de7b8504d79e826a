import { HeddleError, show } from '@heddle/core'

/**
 * Passes on the learning rate of a step.
 *
 * @param step number of steps before it
 * @throws HeddleError `training` unless it is a finite number of at least 0
 */
export function checkedRate(rate: number, step: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate
  throw new HeddleError(
    'training',
    `Trainer: expected the schedule to return a learning rate of at least 0, got ${show(rate)} at step ${step + 1}. Correct the schedule or its settings.`,
  )
}
