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

it('counts changes up to the minimum as none for the patience, also when they add up', () => {
  const stopping = new EarlyStopping({ patience: 3, minChange: 0.5 })
  expect([5, 4.7, 4.4, 4.3].map((value, i) => stopping.observe(i, value))).toEqual([true, true, true, true])
  // 4.4 is more than 0.5 below 5, 4.3 is not so below 4.4.
  expect([stopping.best, stopping.state().worse]).toEqual([{ step: 3, value: 4.3 }, 1])
  const resumed = new EarlyStopping({ patience: 3, minChange: 0.5 })
  resumed.restore(JSON.parse(JSON.stringify(stopping.state())))
  for (const each of [stopping, resumed]) {
    each.observe(4, 4.2)
    expect(each.exhausted).toBe(false)
    each.observe(5, 4.1)
    expect(each.exhausted).toBe(true)
  }
  expect(() => new EarlyStopping({ minChange: -1 })).toThrow('expected a minChange of at least 0, got -1')
})

it('takes the first number after an infinity as an improvement', () => {
  const stopping = new EarlyStopping({ patience: 2, minChange: 0.1 })
  stopping.observe(1, Number.POSITIVE_INFINITY)
  stopping.observe(2, Number.POSITIVE_INFINITY)
  expect(stopping.observe(3, 9)).toBe(true)
  expect(stopping.state().worse).toBe(0)
})
