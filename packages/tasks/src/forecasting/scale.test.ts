import { describe, expect, it } from 'vitest'
import { wave } from '../test-support/tiny-examples.ts'
import { FEATURES, learnScale, scaledWindow } from './scale.ts'

describe('scaledWindow', () => {
  it('shows a model nothing of the steps that it is to forecast', () => {
    const known = wave(200)
    const changed = { ...known, values: known.values.map((value, i) => (i < 100 ? value : -value)) }
    const scale = learnScale([{ ...known, range: { start: 20, end: 90 } }], 4, 8)
    const [a, b] = [known, changed].map((series) =>
      scaledWindow({ series, at: 100 }, scale, { window: 20, horizon: 4 }),
    )
    expect(a!.features).toHaveLength(20 * FEATURES)
    expect(a!.features).toEqual(b!.features)
    expect(a!.target).not.toEqual(b!.target)
  })
})

describe('learnScale', () => {
  it('learns from the steps that training forecasts, and none after them', () => {
    const values = [
      ...new Array<number>(10).fill(1),
      ...new Array<number>(10).fill(3),
      ...new Array<number>(20).fill(99),
    ]
    const { mean, deviation } = learnScale([{ values, steps: [], range: { start: 4, end: 19 } }], 2, 1)
    expect([mean, deviation]).toEqual([2, 1])
  })

  it('has a deviation of 1 for a constant series, also where rounding makes a variance', () => {
    const { deviation } = learnScale([{ values: new Array<number>(30).fill(0.1), steps: [] }], 2, 1)
    expect(deviation).toBe(1)
  })
})
