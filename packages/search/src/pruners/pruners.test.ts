import { createRegistry } from '@heddle/core'
import { expect, it } from 'vitest'
import { searchPlugin } from '../plugin.ts'
import type { Report, Trial } from '../study/trial.ts'
import { prunerPoint } from './pruner.ts'

const registry = createRegistry(searchPlugin)
const reportsOf = (values: readonly number[], every = 10): Report[] =>
  values.map((value, i) => ({ step: every * (i + 1), value }))
const trial = (values: readonly number[], state: Trial['state'] = 'complete'): Trial => ({
  number: 0,
  parameters: {},
  state,
  value: values.at(-1),
  reports: reportsOf(values),
})
const prunes = (
  spec: { type: string; [key: string]: unknown },
  values: readonly number[],
  history: readonly Trial[],
  direction: 'minimize' | 'maximize' = 'minimize',
) => registry.create(prunerPoint, spec, undefined).shouldPrune({ reports: reportsOf(values), history, direction })

const five = [1, 2, 3, 4, 5].map((value) => trial([10 * value, value]))

it('the median pruner stops a trial whose best value is worse than the median at its step', () => {
  expect(prunes({ type: 'median' }, [31], five)).toBe(true)
  expect(prunes({ type: 'median' }, [30], five)).toBe(false)
  expect(prunes({ type: 'median' }, [20, 3.5], five)).toBe(true)
  expect(prunes({ type: 'median' }, [2, 3.5], five)).toBe(false)
  expect(prunes({ type: 'median' }, [29], five, 'maximize')).toBe(true)
  expect(prunes({ type: 'median' }, [Number.NaN], five)).toBe(true)
})

it('the median pruner waits for enough complete trials and for its warm-up', () => {
  expect(prunes({ type: 'median' }, [99], five.slice(1))).toBe(false)
  expect(prunes({ type: 'median' }, [99], [...five.slice(1), trial([1], 'pruned')])).toBe(false)
  expect(prunes({ type: 'median', startup: 4 }, [99], five.slice(1))).toBe(true)
  expect(prunes({ type: 'median', warmupSteps: 11 }, [99], five)).toBe(false)
  expect(prunes({ type: 'median', warmupSteps: 20 }, [99, 99], five)).toBe(true)
})

it('halving lets the best 1/η of the known trials go on at each rung', () => {
  const history = [1, 2, 3, 4, 5, 6, 7].map((value) => trial([value], 'pruned'))
  const halving = { type: 'halving', reductionFactor: 4 }
  // Two of eight.
  expect(prunes(halving, [1.5], history)).toBe(false)
  expect(prunes(halving, [2.5], history)).toBe(true)
  // One of seven.
  expect(prunes(halving, [1.5], history.slice(0, 6))).toBe(true)
  expect(prunes(halving, [6.5], history, 'maximize')).toBe(false)
  expect(prunes(halving, [Number.NaN], [])).toBe(true)
})

it('halving decides at its rungs only: at the first validation, and when the steps have grown by the factor', () => {
  const history = [trial([1, 1, 1, 1, 1]), trial([1, 1, 1, 1, 1]), trial([9, 9])]
  const halving = { type: 'halving', reductionFactor: 3 }
  expect(prunes(halving, [0.5], history)).toBe(false)
  expect(prunes(halving, [0.5, 5], history)).toBe(false)
  expect(prunes(halving, [0.5, 5, 5], history)).toBe(true)
  expect(prunes(halving, [0.5, 5, 0.5, 5], history)).toBe(false)
  expect(prunes({ ...halving, minSteps: 20 }, [5], history)).toBe(false)
  expect(prunes({ ...halving, minSteps: 20 }, [5, 5], history)).toBe(true)
})
