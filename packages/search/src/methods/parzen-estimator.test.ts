import { readFileSync } from 'node:fs'
import { RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { parseSpace } from '../space/space.ts'
import { normalMass } from './normal.ts'
import { observationWeights, parzenEstimator } from './parzen-estimator.ts'

interface Case {
  readonly parameter: unknown
  readonly observations: readonly unknown[]
  readonly values: readonly unknown[]
  readonly logDensity: readonly number[]
}

/** Made by tools/reference/parzen_densities.py. */
const cases: readonly Case[] = JSON.parse(readFileSync(new URL('../../fixtures/parzen.json', import.meta.url), 'utf8'))

it.each(cases)(
  "the density of $parameter around $observations is Optuna's",
  ({ parameter, observations, values, logDensity }) => {
    const density = parzenEstimator(parseSpace('test', { x: parameter })['x']!, observations)
    for (const [i, value] of values.entries()) expect(density.logDensity(value)).toBeCloseTo(logDensity[i]!, 10)
  },
)

it('draws values as often as its density says', () => {
  const { x } = parseSpace('test', { x: { type: 'integer', low: 1, high: 5 } })
  const density = parzenEstimator(x!, [2, 2, 5])
  const counts = new Map<unknown, number>()
  const rng = new RandomStream(3)
  for (let i = 0; i < 20_000; i++) {
    const value = density.sample(rng)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  for (const value of [1, 2, 3, 4, 5]) {
    expect(counts.get(value)! / 20_000).toBeCloseTo(Math.exp(density.logDensity(value)), 1.8)
  }
})

it('older observations beyond 25 count less', () => {
  expect(observationWeights(3)).toEqual([1, 1, 1])
  expect(observationWeights(27).slice(0, 3)).toEqual([1 / 27, 1, 1])
  expect(observationWeights(28).slice(0, 3)).toEqual([1 / 28, (1 / 28 + 1) / 2, 1])
})

it('the share of the normal distribution keeps its precision far from 0', () => {
  expect(normalMass(-1.959963984540054, 1.959963984540054)).toBeCloseTo(0.95, 14)
  expect(normalMass(0, 40)).toBeCloseTo(0.5, 15)
  // 1 - Φ(10), from scipy.stats.norm.sf.
  expect(normalMass(10, 40) / 7.619853024160527e-24).toBeCloseTo(1, 12)
  expect(normalMass(-40, -10)).toBe(normalMass(10, 40))
})
