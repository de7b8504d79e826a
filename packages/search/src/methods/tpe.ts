import * as z from 'zod'
import type { Space } from '../space/space.ts'
import { compareValues, type Direction, type Trial } from '../study/trial.ts'
import { parzenEstimator } from './parzen-estimator.ts'
import { drawValue, drawValues } from './random.ts'
import { type SuggestContext, searchMethodPoint } from './search-method.ts'

const config = z.strictObject({
  startup: z.int().min(1).default(10).describe('known trials before which values are drawn at random'),
  candidates: z.int().min(1).default(24).describe('draws of a value, of which the most promising one is taken'),
})

/**
 * Tree-structured Parzen estimator: the known trials are split into the best tenth and the rest; each parameter takes, of some draws
 * from the density `l` of the good ones, the value with the largest `l / g` to the density `g` of the rest.
 *
 * As in Optuna's TPESampler, parameters are independent of each other, and pruned trials count as worse than complete ones,
 * those that were pruned later as better. Unlike there, failed trials count as the worst, so that values with which training diverges are avoided.
 *
 * @see Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"
 */
export const tpeMethod = searchMethodPoint.of({
  name: 'tpe',
  summary: 'values that were good in earlier trials, by tree-structured Parzen estimators',
  config,
  create: (settings, { space, direction }) => ({
    usesResults: true,
    suggest: (context) => suggest(space, direction, settings, context),
  }),
})

function suggest(
  space: Space,
  direction: Direction,
  { startup, candidates }: z.output<typeof config>,
  { history, rng }: SuggestContext,
) {
  const { good, rest } = splitTrials(history, direction)
  if (history.length < startup || good.length === 0) return drawValues(space, rng)
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => {
      if (parameter.type === 'choice' && parameter.values.length === 1) return [name, drawValue(parameter, rng)]
      const valuesIn = (trials: readonly Trial[]) => trials.map(({ parameters }) => parameters[name])
      const [l, g] = [parzenEstimator(parameter, valuesIn(good)), parzenEstimator(parameter, valuesIn(rest))]
      let best: { value: unknown; score: number } | undefined
      for (let i = 0; i < candidates; i++) {
        const value = l.sample(rng)
        const score = l.logDensity(value) - g.logDensity(value)
        if (best === undefined || score > best.score) best = { value, score }
      }
      return [name, best!.value]
    }),
  )
}

const MOST_GOOD = 25

/** The best tenth of the trials, 25 at most, and the others, both in their order. */
export function splitTrials(
  trials: readonly Trial[],
  direction: Direction,
): { readonly good: readonly Trial[]; readonly rest: readonly Trial[] } {
  const count = Math.min(MOST_GOOD, Math.ceil(trials.length / 10))
  const ranked = trials.filter(({ state }) => state !== 'failed').sort((a, b) => compareTrials(a, b, direction))
  const good = new Set(ranked.slice(0, count))
  return { good: trials.filter((trial) => good.has(trial)), rest: trials.filter((trial) => !good.has(trial)) }
}

function compareTrials(a: Trial, b: Trial, direction: Direction): number {
  if (a.state !== b.state) return a.state === 'complete' ? -1 : 1
  const last = (trial: Trial) => trial.reports.at(-1)?.step ?? -1
  const later = a.state === 'pruned' ? last(b) - last(a) : 0
  return later || compareValues(a.value ?? Number.NaN, b.value ?? Number.NaN, direction)
}
