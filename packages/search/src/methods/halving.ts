import * as z from 'zod'
import { drawValues } from './random.ts'
import { searchMethodPoint } from './search-method.ts'

/**
 * Random search whose worse trials are stopped early: asynchronous successive halving.
 *
 * @see Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization"; Li et al. 2020, "A system
 * for massively parallel hyperparameter tuning"
 */
export const halvingMethod = searchMethodPoint.of({
  name: 'halving',
  summary: 'random values, and at each rung of steps only the best share of the trials goes on',
  config: z.strictObject({
    reductionFactor: z.int().min(2).default(4).describe('one trial in this many goes on at each rung'),
    minSteps: z
      .int()
      .min(1)
      .optional()
      .describe(
        'steps of the first rung (default: those of the first validation); the next ones have the factor as many',
      ),
  }),
  create: (config, { space }) => ({
    usesResults: false,
    pruner: { type: 'halving', ...config },
    suggest: ({ rng }) => drawValues(space, rng),
  }),
})
