import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { hourlyWeather } from './hourly-weather.ts'

describe('hourlyWeather', () => {
  const { values, times, steps } = hourlyWeather(5000, new RandomStream(1))
  /** Mean absolute difference between values that are `hours` apart. */
  const change = (hours: number) =>
    values.slice(hours).reduce((sum, value, i) => sum + Math.abs(value - values[i]!), 0) / (values.length - hours)

  it('gives a value for each hour, with its date', () => {
    expect([values.length, times.length, steps.length]).toEqual([5000, 5000, 5000])
    expect(steps.slice(22, 26)).toEqual([
      '2020-01-01T22:00',
      '2020-01-01T23:00',
      '2020-01-02T00:00',
      '2020-01-02T01:00',
    ])
    expect(times.every((time, i) => i === 0 || time - times[i - 1]! === 3_600_000)).toBe(true)
  })

  it('changes less from day to day than from day to night, and least from hour to hour', () => {
    expect(change(1)).toBeLessThan(0.5 * change(24))
    expect(change(24)).toBeLessThan(0.8 * change(12))
  })

  it('is warmest in the afternoon on average', () => {
    const mean = (hour: number) => {
      const some = values.filter((_, i) => i % 24 === hour)
      return some.reduce((sum, value) => sum + value, 0) / some.length
    }
    expect(mean(15)).toBeGreaterThan(mean(3) + 6)
  })
})
