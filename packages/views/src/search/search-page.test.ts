import type { Trial } from '@heddle/search'
import { expect, it } from 'vitest'
import { metricAxis } from './metric-axis.ts'
import { parameterAxis, valueLabel } from './parameter-axis.ts'
import { type SearchPageContent, searchPage } from './search-page.ts'

const space: SearchPageContent['space'] = {
  'training.learningRate': { type: 'log-uniform', low: 1e-4, high: 1 },
  'model.hiddenSize': { type: 'integer', low: 4, high: 16, step: 1, log: false },
  'training.optimizer': { type: 'choice', values: ['<b>', { type: 'sgd', momentum: 0.9 }] },
}
const trial = (number: number, state: Trial['state'], value?: number, error?: string): Trial => ({
  number,
  state,
  value,
  error,
  seconds: 2,
  parameters: {
    'training.learningRate': 0.01 * (number + 1),
    'model.hiddenSize': 5,
    'training.optimizer': number % 2 === 0 ? '<b>' : { type: 'sgd', momentum: 0.9 },
  },
  reports: value === undefined ? [] : [{ step: 10, value }],
})
const page = (trials: readonly Trial[]) =>
  searchPage({
    recipe: 'names',
    seed: 1,
    method: { type: 'tpe' },
    pruner: { type: 'median' },
    metric: 'loss',
    direction: 'minimize',
    space,
    trials,
    effects: Object.entries(space).map(([name, parameter], i) => ({
      name,
      parameter,
      share: i === 0 ? 0.63 : undefined,
    })),
  })

it('draws a line for each trial with a value across all parameters, and a dot in each effect', () => {
  const html = page([
    trial(0, 'complete', 0.5),
    trial(1, 'complete', 0.2),
    trial(2, 'pruned', 0.9),
    trial(3, 'failed', undefined, 'the loss is <not> finite'),
    trial(4, 'complete', 1e30),
  ])
  const parallel = html.slice(html.indexOf('class="parallel"'), html.indexOf('</figure>'))
  expect(parallel.match(/<path class="(best|good|other)"/g)).toHaveLength(4)
  expect(parallel).toMatch(
    /<path class="best" d="M74 [\d.]+L224 [\d.]+L374 [\d.]+L524 [\d.]+"><title>trial 1, complete: loss 0.2/,
  )
  expect(html.match(/<figure class="chart effect">/g)).toHaveLength(5)
  expect(html).toContain('explains 63 %')
  expect(html).toContain('too few trials to tell')
  expect(html).toContain('the loss is &lt;not&gt; finite')
  expect(html).toContain('sgd {&quot;momentum&quot;:0.9}')
  expect(html).not.toMatch(/NaN|<b>&lt;|undefined/)
  // Best first; what has no value comes last.
  const numbers = [...html.matchAll(/<tr><td>(\d)</g)].map(([, number]) => number)
  expect(numbers).toEqual(['1', '0', '4', '2', '3'])
})

it('draws searches with a single trial, with equal values, and without any value', () => {
  expect(page([trial(0, 'complete', 0.5)])).not.toContain('NaN')
  expect(page([trial(0, 'complete', 0.5), trial(1, 'complete', 0.5)])).not.toContain('NaN')
  expect(page([trial(0, 'failed', undefined, 'no')])).toContain('No trial has a value')
})

it('an axis of the metric keeps good values apart when others have diverged', () => {
  const axis = metricAxis([0.5, 0.6, 0.7, 0.8, 1e9], 'minimize', [100, 0])
  expect(axis.place(0.5) - axis.place(0.6)).toBeGreaterThan(8)
  expect(axis.place(1e9)).toBeCloseTo(0)
  expect(axis.place(Number.NaN)).toBeCloseTo(0)
  expect(metricAxis([0.01, 0.1, 1, 2], 'minimize', [100, 0]).isLog).toBe(true)
})

it('an axis of a parameter has round ticks on its scale', () => {
  expect(parameterAxis(space['training.learningRate']!, [0, 100]).ticks.map(({ label }) => label)).toEqual([
    '1e-4',
    '0.001',
    '0.01',
    '0.1',
    '1',
  ])
  expect(parameterAxis(space['training.optimizer']!, [0, 100]).place({ type: 'sgd', momentum: 0.9 })).toBe(75)
  expect([0.012345, 1.5e-5, 3, null, { type: 'lion' }].map(valueLabel)).toEqual([
    '0.01235',
    '1.5e-5',
    '3',
    'null',
    'lion',
  ])
})
