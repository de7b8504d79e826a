import * as z from 'zod'
import { bestOf, compareValues } from '../study/trial.ts'
import { type PruneContext, type Pruner, prunerPoint } from './pruner.ts'

const config = z.strictObject({
  startup: z.int().min(1).default(5).describe('complete trials before which none is pruned'),
  warmupSteps: z.int().min(0).default(0).describe('steps of a trial before which it is not pruned'),
})

/**
 * Stops a trial whose best report so far is worse than the median of what complete trials reported at the same step.
 *
 * @see Golovin et al. 2017, "Google Vizier", section 3.2.2; Optuna's MedianPruner, which compares in the same way
 */
class MedianPruner implements Pruner {
  readonly usesResults = true
  readonly #options: z.output<typeof config>

  constructor(options: z.output<typeof config>) {
    this.#options = options
  }

  shouldPrune({ reports, history, direction }: PruneContext): boolean {
    const { startup, warmupSteps } = this.#options
    const complete = history.filter(({ state }) => state === 'complete')
    const { step } = reports.at(-1)!
    if (complete.length < startup || step < warmupSteps) return false
    const best = bestOf(
      reports.map(({ value }) => value),
      direction,
    )!
    if (Number.isNaN(best)) return true
    const others = complete
      .flatMap((trial) => trial.reports.filter((report) => report.step === step).map(({ value }) => value))
      .filter((value) => !Number.isNaN(value))
    return others.length > 0 && compareValues(best, medianOf(others), direction) > 0
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export const medianPruner = prunerPoint.of({
  name: 'median',
  summary: 'stops trials that are worse than the median of the complete ones at the same step',
  config,
  create: (options) => new MedianPruner(options),
})
