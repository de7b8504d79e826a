import { createRegistry, RandomStream } from '@heddle/core'
import { expect, it } from 'vitest'
import { searchPlugin } from '../plugin.ts'
import { parseSpace, type Space } from '../space/space.ts'
import type { Trial } from '../study/trial.ts'
import { gridOf } from './grid.ts'
import { searchMethodPoint } from './search-method.ts'
import { splitTrials } from './tpe.ts'

const registry = createRegistry(searchPlugin)
const space = parseSpace('test', {
  rate: { type: 'log-uniform', low: 1e-4, high: 1 },
  size: { type: 'integer', low: 8, high: 64, step: 8 },
  dropout: { type: 'uniform', low: 0, high: 0.5 },
  cell: { type: 'choice', values: ['gru', 'lstm'] },
})
const method = (type: string, trials = 20, of: Space = space) =>
  registry.create(searchMethodPoint, { type }, { space: of, trials, seed: 1, direction: 'minimize' })

it('random values lie in the space, evenly on their scale', () => {
  const { suggest } = method('random')
  const rng = new RandomStream(1)
  const drawn = Array.from({ length: 2000 }, (_, number) => suggest({ number, history: [], rng }))
  const share = (is: (values: Readonly<Record<string, unknown>>) => boolean) => drawn.filter(is).length / drawn.length
  expect(share(({ rate }) => (rate as number) < 1e-2)).toBeCloseTo(0.5, 1)
  expect(new Set(drawn.map(({ size }) => size))).toEqual(new Set([8, 16, 24, 32, 40, 48, 56, 64]))
  expect(share(({ size }) => size === 8)).toBeCloseTo(1 / 8, 1)
  expect(share(({ cell }) => cell === 'gru')).toBeCloseTo(0.5, 1)
  expect(drawn.every(({ dropout }) => (dropout as number) >= 0 && (dropout as number) <= 0.5)).toBe(true)
})

it('a grid has as many values of each number as the trials allow, ends included', () => {
  const grid = gridOf(space, 60)
  expect(grid).toHaveLength(2 * 3 * 3 * 3)
  const values = (name: string) => [...new Set(grid.map((each) => each[name] as number))]
  expect(values('rate').map((rate) => Number(rate.toPrecision(6)))).toEqual([1e-4, 1e-2, 1])
  expect(values('size')).toEqual([8, 40, 64])
  expect(values('dropout')).toEqual([0, 0.25, 0.5])
  // One parameter gets a value more before the others do.
  const { a, b } = { a: space['rate']!, b: space['dropout']! }
  expect(gridOf({ a, b }, 20)).toHaveLength(5 * 4)
})

it('a grid takes the number of points that a parameter asks for, and small integers once each', () => {
  const grid = gridOf(
    parseSpace('test', {
      layers: { type: 'integer', low: 1, high: 6, log: true, points: 6 },
      rate: { type: 'uniform', low: 0, high: 1, points: 1 },
    }),
    100,
  )
  expect(grid.map(({ layers }) => layers)).toEqual([1, 2, 3, 4, 5, 6])
  expect(new Set(grid.map(({ rate }) => rate))).toEqual(new Set([0.5]))
})

it('the grid method tries every combination once, and refuses a grid with more of them than trials', () => {
  const { size, suggest } = method('grid', 60)
  const rng = new RandomStream(1)
  const tried = Array.from({ length: size! }, (_, number) => JSON.stringify(suggest({ number, history: [], rng })))
  expect(new Set(tried)).toEqual(new Set(gridOf(space, 60).map((values) => JSON.stringify(values))))
  expect(() => method('grid', 1)).toThrow(/expected at least 2 trials, one for each combination, got 1/)
})

const trial = (number: number, state: Trial['state'], value: number, step = 10): Trial => ({
  number,
  state,
  value,
  parameters: { x: value },
  reports: [{ step, value }],
})

it('TPE takes the best tenth of the trials as good: complete ones before pruned ones, those pruned late first, failed ones never', () => {
  const bad = Array.from({ length: 17 }, (_, i) => trial(i + 4, 'failed', Number.NaN))
  const four = [
    trial(0, 'pruned', 0, 5),
    trial(1, 'complete', 9),
    trial(2, 'pruned', 5, 8),
    trial(3, 'failed', Number.NaN),
  ]
  const good = (trials: readonly Trial[]) => splitTrials(trials, 'minimize').good.map(({ number }) => number)
  expect(good([...four, ...bad.slice(0, 6)])).toEqual([1])
  expect(good([...four, ...bad.slice(0, 16)])).toEqual([1, 2])
  expect(good([...four, ...bad])).toEqual([0, 1, 2])
  expect(splitTrials([trial(0, 'complete', 1), trial(1, 'complete', 2)], 'maximize').good[0]!.number).toBe(1)
})

it('TPE searches where earlier trials were good, and is nearer to the optimum than random search', () => {
  const quadratic = parseSpace('test', {
    x: { type: 'uniform', low: -10, high: 10 },
    y: { type: 'log-uniform', low: 1e-4, high: 1 },
  })
  const loss = ({ x, y }: Readonly<Record<string, unknown>>) =>
    ((x as number) - 3) ** 2 + (4 * Math.log10((y as number) / 0.01)) ** 2
  const best = (type: string, seed: number) => {
    const { suggest } = method(type, 60, quadratic)
    const history: Trial[] = []
    for (let number = 0; number < 60; number++) {
      const parameters = suggest({ number, history, rng: new RandomStream(1000 * seed + number) })
      const value = loss(parameters)
      history.push({ number, parameters, state: 'complete', value, reports: [] })
    }
    return Math.min(...history.map(({ value }) => value!))
  }
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const median = (type: string) => seeds.map((seed) => best(type, seed)).sort((a, b) => a - b)[5]!
  expect(median('tpe')).toBeLessThan(median('random') / 3)
})

it('TPE draws at random until enough trials are known, and when all have failed', () => {
  const { suggest } = method('tpe')
  const random = method('random').suggest({ number: 0, history: [], rng: new RandomStream(5) })
  const failed = Array.from({ length: 12 }, (_, i) => trial(i, 'failed', Number.NaN))
  expect(suggest({ number: 0, history: [], rng: new RandomStream(5) })).toEqual(random)
  expect(suggest({ number: 12, history: failed, rng: new RandomStream(5) })).toEqual(random)
})
