import type { Series } from '@heddle/data'
import { describe, expect, it } from 'vitest'
import { seasonalDrift, seasonalNaive, timeOf, usualPeriod } from './series-windows.ts'

const DAY = 24 * 3600 * 1000
const dated = (times: number[]): Series => ({ values: times.map((_, i) => i), steps: times.map(String), times })

describe('seasonalNaive', () => {
  const series: Series = { values: [10, 11, 12, 20, 21, 22, 30], steps: [] }

  it('repeats the season before, also over more than one season', () => {
    expect(seasonalNaive({ series, at: 6 }, 3, 3)).toEqual([20, 21, 22])
    expect(seasonalNaive({ series, at: 6 }, 5, 3)).toEqual([20, 21, 22, 20, 21])
  })

  it('never looks at what is to be forecast', () => {
    const known = { ...series, values: [...series.values.slice(0, 5), Number.NaN, Number.NaN] }
    expect(seasonalNaive({ series: known, at: 5 }, 4, 3)).toEqual([12, 20, 21, 12])
  })

  it('repeats the last value before the first season is over', () => {
    expect(seasonalNaive({ series, at: 2 }, 3, 5)).toEqual([11, 11, 11])
  })
})

describe('seasonalDrift', () => {
  const season = [0, 5, -2, 7]
  const series: Series = { values: Array.from({ length: 40 }, (_, t) => 3 * t + season[t % 4]!), steps: [] }

  it('is right for a season on a straight line, from the first step after a season on', () => {
    for (const at of [5, 6, 8, 11, 23]) {
      const expected = series.values.slice(at, at + 9)
      for (const [h, value] of seasonalDrift({ series, at }, 9, 4).entries()) expect(value).toBeCloseTo(expected[h]!, 9)
    }
  })

  it('never looks at what is to be forecast, and is the seasonal-naive one where no season is over', () => {
    const known = { ...series, values: series.values.map((value, t) => (t < 9 ? value : Number.NaN)) }
    expect(seasonalDrift({ series: known, at: 9 }, 2, 4)).toEqual(seasonalDrift({ series, at: 9 }, 2, 4))
    expect(seasonalDrift({ series, at: 4 }, 5, 4)).toEqual(seasonalNaive({ series, at: 4 }, 5, 4))
  })
})

describe('usualPeriod', () => {
  it('is a day of hours, a year of days, of weeks and of months', () => {
    const every = (step: number) => dated(Array.from({ length: 30 }, (_, i) => i * step))
    expect([DAY / 24, DAY, 7 * DAY, 30.44 * DAY].map((step) => usualPeriod(every(step)))).toEqual([24, 365, 52, 12])
    expect(usualPeriod({ values: [1, 2], steps: [] })).toBe(1)
    expect(usualPeriod(every(365 * DAY))).toBe(1)
  })
})

describe('timeOf', () => {
  it('continues beyond the end', () => {
    const series = dated([0, 10, 20])
    expect([timeOf(series, 1), timeOf(series, 3), timeOf(series, 4)]).toEqual([10, 30, 40])
    expect(timeOf({ values: [1], steps: [] }, 7)).toBe(7)
  })
})
