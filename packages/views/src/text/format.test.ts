import { describe, expect, it } from 'vitest'
import { formatDuration, formatMetric } from './format.ts'

describe('formatMetric', () => {
  it('shows shares in percent and other values with decimals that suit their size', () => {
    expect(formatMetric({ percent: true }, 0.9712)).toBe('97.1 %')
    expect(formatMetric({}, 0.43219)).toBe('0.4322')
    expect(formatMetric({}, 43.219)).toBe('43.2')
  })

  it('gives values beside each other the same number of decimals', () => {
    expect([formatMetric({}, 4.3219, [43.219]), formatMetric({}, 43.219, [4.3219])]).toEqual(['4.3', '43.2'])
  })

  it('writes what is no number as it is', () => {
    expect(formatMetric({}, Number.NaN)).toBe('NaN')
    expect(formatMetric({}, Number.POSITIVE_INFINITY, [2])).toBe('Infinity')
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0:00'],
    [64_600, '1:05'],
    [3_700_000, '1:01:40'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
