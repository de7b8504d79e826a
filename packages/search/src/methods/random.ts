import type { RandomStream } from '@heddle/core'
import * as z from 'zod'
import { scaleOf } from '../space/scale.ts'
import type { Parameter, ParameterValues, Space } from '../space/space.ts'
import { searchMethodPoint } from './search-method.ts'

/** Draws a value, each equally likely on the parameter's scale. */
export function drawValue(parameter: Parameter, rng: RandomStream): unknown {
  if (parameter.type === 'choice') return rng.pick(parameter.values)
  const { low, high, valueAt } = scaleOf(parameter)
  return valueAt(low + (high - low) * rng.uniform())
}

/** Draws a value for each parameter, independent of all others. */
export const drawValues = (space: Space, rng: RandomStream): ParameterValues =>
  Object.fromEntries(Object.entries(space).map(([name, parameter]) => [name, drawValue(parameter, rng)]))

/**
 * Draws each trial at random. Where few of the parameters matter, this finds better values than a grid of as many trials, since every
 * trial tries another value of each of them.
 *
 * @see Bergstra & Bengio 2012, "Random search for hyper-parameter optimization"
 */
export const randomMethod = searchMethodPoint.of({
  name: 'random',
  summary: 'values at random; better than a grid where few parameters matter',
  config: z.strictObject({}),
  create: (_, { space }) => ({ usesResults: false, suggest: ({ rng }) => drawValues(space, rng) }),
})
