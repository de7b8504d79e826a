import * as z from 'zod'
import { compareValues, type Report } from '../study/trial.ts'
import { type PruneContext, type Pruner, prunerPoint } from './pruner.ts'

const config = z.strictObject({
  reductionFactor: z.int().min(2).default(4).describe('one trial in this many goes on at each rung'),
  minSteps: z
    .int()
    .min(1)
    .optional()
    .describe(
      'steps of the first rung (default: those of the first validation); the next ones have the factor as many',
    ),
})

/**
 * Asynchronous successive halving (ASHA): at each rung, a trial goes on if it is among the best 1/η of all that the known trials
 * reported there. It waits for no other trial; as long as fewer than η are known, it goes on if it is the best.
 *
 * @see Li et al. 2020, "A system for massively parallel hyperparameter tuning", in the form that stops trials instead of pausing them
 */
class HalvingPruner implements Pruner {
  readonly usesResults = true
  readonly #options: z.output<typeof config>

  constructor(options: z.output<typeof config>) {
    this.#options = options
  }

  shouldPrune({ reports, history, direction }: PruneContext): boolean {
    const { reductionFactor, minSteps = reports[0]!.step } = this.#options
    const { step, value } = reports.at(-1)!
    const before = reports.at(-2)?.step ?? 0
    for (let rung = minSteps; rung <= step; rung *= reductionFactor) {
      if (rung <= before) continue
      if (Number.isNaN(value)) return true
      const others = history.flatMap((trial) => valueAtRung(trial.reports, rung) ?? [])
      const better = others.filter((other) => compareValues(other, value, direction) < 0).length
      const going = Math.max(1, Math.floor((others.length + 1) / reductionFactor))
      if (better >= going) return true
    }
    return false
  }
}

const valueAtRung = (reports: readonly Report[], rung: number): number | undefined =>
  reports.find(({ step }) => step >= rung)?.value

export const halvingPruner = prunerPoint.of({
  name: 'halving',
  summary: 'asynchronous successive halving: the best share of the trials goes on at each rung of steps',
  config,
  create: (options) => new HalvingPruner(options),
})
