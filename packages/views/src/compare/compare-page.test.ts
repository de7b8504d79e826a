import { expect, it } from 'vitest'
import { type ComparedRun, comparePage, comparison, comparisonLines } from './compare-page.ts'
import { runDifferences } from './run-differences.ts'

const run = (name: string, settings: object, metrics: Record<string, number>): ComparedRun => ({
  name,
  settings: { training: { steps: 4, optimizer: { type: 'adamw', weightDecay: 0.1 } }, seed: 1, ...settings },
  metrics,
  log: {
    steps: [
      { step: 1, loss: 2 },
      { step: 2, loss: 1 },
    ],
    validations: [{ step: 2, metrics: { loss: 1.5, accuracy: 0.5 } }],
    damagedLines: [],
  } as unknown as ComparedRun['log'],
})
const runs = [
  run('a', {}, { accuracy: 0.5, examples: 10 }),
  run('b', { seed: 2 }, { accuracy: 0.75, loss: 1 }),
  run('<c>', { seed: 2, training: { steps: 4, optimizer: { type: 'sgd', momentum: 0.9 } } }, {}),
]

it('names what differs from the run before', () => {
  expect(comparison(runs)).toEqual({
    names: ['a', 'b', '<c>'],
    labels: ['first run', 'seed 2', 'training.optimizer "sgd"'],
    metrics: ['accuracy', 'loss'],
    values: [
      [0.5, undefined],
      [0.75, 1],
      [undefined, undefined],
    ],
  })
  expect(runDifferences({ a: { b: 1, c: [1] } }, { a: { c: [2] }, d: 'x' })).toEqual(['no a.b', 'a.c [2]', 'd x'])
  expect(comparison([runs[0]!, runs[0]!]).labels).toEqual(['first run', 'same settings'])
})

it('is a table in the terminal, and a page with a curve for each run', () => {
  expect(comparisonLines(comparison(runs)).map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
    'run accuracy loss',
    'a 0.5 first run',
    'b 0.75 1 seed 2',
    '<c> training.optimizer "sgd"',
  ])
  const page = comparePage(runs)
  expect(page).not.toMatch(/(src|href)=|<script|<c>/)
  expect(page.match(/<figure class="chart">/g)).toHaveLength(3)
  for (const color of [1, 2, 3]) expect(page.match(new RegExp(`class="line s${color}"`, 'g'))).toHaveLength(3)
})
