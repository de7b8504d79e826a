import { describe, expect, it } from 'vitest'
import { windowsOf } from './series-windows.ts'
import { splitByTime } from './split-by-time.ts'

const sizes = { window: 5, horizon: 3 }
const series = (length: number) => ({ values: Array.from({ length }, (_, i) => i), steps: [] })
const places = (length: number, settings: { validation: number; test: number }) => {
  const { train, validation, test } = splitByTime([series(length)], settings, sizes)
  return [train, validation, test].map((part) => windowsOf(part, sizes).flatMap(({ at }) => [at, at + 2]))
}

describe('splitByTime', () => {
  it('goes by time, and forecasts no step in two parts', () => {
    const [train, validation, test] = places(60, { validation: 0.15, test: 0.25 }) as [number[], number[], number[]]
    expect(Math.min(...train)).toBe(5)
    expect(Math.max(...train)).toBeLessThan(Math.min(...validation))
    expect(Math.max(...validation)).toBeLessThan(Math.min(...test))
    expect(Math.max(...test)).toBe(59)
  })

  it('has no part that is not asked for', () => {
    expect(places(60, { validation: 0, test: 0.25 })[1]).toEqual([])
    expect(places(60, { validation: 0.2, test: 0 })[2]).toEqual([])
    expect(Math.max(...places(60, { validation: 0, test: 0 })[0]!)).toBe(59)
    expect(Math.max(...places(60, { validation: 0.2, test: 0 })[1]!)).toBe(59)
  })

  it('says when a series is too short', () => {
    expect(() => places(3, { validation: 0.1, test: 0.1 })).toThrow('expected at least 8 steps, got 3')
    expect(() => places(8, { validation: 0.1, test: 0.1 })).toThrow('got 1 windows in all')
  })
})
