import { HeddleError, RandomStream } from '@heddle/core'
import * as z from 'zod'
import { scaleOf } from '../space/scale.ts'
import type { NumericParameter, Parameter, ParameterValues, Space } from '../space/space.ts'
import { searchMethodPoint } from './search-method.ts'

/**
 * Tries every combination of some values of each parameter, in an order that the seed decides. Numbers are spaced evenly on their
 * scale, ends included; parameters without `points` get as many values as the number of trials allows.
 */
export const gridMethod = searchMethodPoint.of({
  name: 'grid',
  summary: 'every combination of evenly spaced values',
  config: z.strictObject({}),
  create(_, { space, trials, seed }) {
    const grid = new RandomStream(seed).shuffled(gridOf(space, trials))
    return { usesResults: false, size: grid.length, suggest: ({ number }) => grid[number]! }
  },
})

/**
 * Every combination, the values of the last parameter changing fastest.
 *
 * @throws HeddleError `config` when the smallest grid has more combinations than there are trials
 */
export function gridOf(space: Space, trials: number): ParameterValues[] {
  const entries = Object.entries(space)
  const counts = entries.map(([, parameter]) => fixedCount(parameter) ?? 1)
  const size = () => counts.reduce((product, count) => product * count, 1)
  if (size() > trials) {
    throw new HeddleError(
      'config',
      `grid: expected at least ${size()} trials, one for each combination, got ${trials}. Raise --trials, or lower points or the number of values.`,
    )
  }
  // In turns, so that the counts differ by one at most.
  for (let grew = true; grew; ) {
    grew = false
    for (const [i, [, parameter]] of entries.entries()) {
      if (fixedCount(parameter) !== undefined) continue
      counts[i]!++
      if (size() <= trials && counts[i]! <= mostValues(parameter)) grew = true
      else counts[i]!--
    }
  }
  return entries.reduce<ParameterValues[]>(
    (combinations, [name, parameter], i) =>
      combinations.flatMap((values) => spaced(parameter, counts[i]!).map((value) => ({ ...values, [name]: value }))),
    [{}],
  )
}

function fixedCount(parameter: Parameter): number | undefined {
  if (parameter.type === 'choice') return parameter.values.length
  return parameter.points === undefined ? undefined : Math.min(parameter.points, mostValues(parameter))
}

const mostValues = (parameter: Parameter) =>
  parameter.type === 'integer' ? 1 + (parameter.high - parameter.low) / parameter.step : Number.POSITIVE_INFINITY

function spaced(parameter: Parameter, count: number): readonly unknown[] {
  if (parameter.type === 'choice') return parameter.values
  return spacedNumbers(parameter, count)
}

function spacedNumbers(parameter: NumericParameter, count: number): number[] {
  const { place, valueAt } = scaleOf(parameter)
  const [low, high] = [place(parameter.low), place(parameter.high)]
  if (count === 1) return [valueAt((low + high) / 2)]
  const values: number[] = []
  for (let i = 0; i < count; i++) {
    const value = valueAt(low + ((high - low) * i) / (count - 1))
    // Small integers on a logarithmic scale would coincide.
    const least = values.length === 0 ? value : values.at(-1)! + (parameter.type === 'integer' ? parameter.step : 0)
    values.push(Math.max(value, least))
  }
  return values
}
