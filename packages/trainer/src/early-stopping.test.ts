import { expect, it } from 'vitest'
import { EarlyStopping } from './index.ts'

it('remembers the best step and counts those without improvement', () => {
  const stopping = new EarlyStopping({ patience: 2 })
  expect([3, 2, 2.5].map((value, i) => stopping.observe(i + 1, value))).toEqual([true, true, false])
  expect(stopping.exhausted).toBe(false)
  expect(stopping.observe(4, 2)).toBe(false)
  expect(stopping.exhausted).toBe(true)
  expect(stopping.best).toEqual({ step: 2, value: 2 })
})

it('takes more as better in mode max, and never a value that is not a number', () => {
  const stopping = new EarlyStopping({ mode: 'max', patience: 3 })
  expect([Number.NaN, 1, Number.NaN, 2, 1].map((value, i) => stopping.observe(i, value))).toEqual([
    false,
    true,
    false,
    true,
    false,
  ])
})

it('never ends without patience, and goes on from its saved state', () => {
  const endless = new EarlyStopping()
  for (let i = 0; i < 1000; i++) endless.observe(i, i)
  expect(endless.exhausted).toBe(false)
  const first = new EarlyStopping({ patience: 2 })
  first.observe(1, 5)
  first.observe(2, 6)
  const second = new EarlyStopping({ patience: 2 })
  second.restore(JSON.parse(JSON.stringify(first.state())))
  second.observe(3, 5)
  expect([second.exhausted, second.best]).toEqual([true, { step: 1, value: 5 }])
  expect(() => second.restore(null)).toThrow('EarlyStopping: expected a state')
  expect(() => new EarlyStopping({ patience: 0 })).toThrow('expected a patience of at least 1, got 0')
})
