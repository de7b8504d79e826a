import { describe, expect, it } from 'vitest'
import { type Comparison, judge } from './comparison.ts'
import { reportText } from './report.ts'

const numbers = (actual: number[], expected: number[], kind: Comparison['kind'] = 'value'): Comparison => ({
  name: 'out.y',
  kind,
  shape: [actual.length],
  expectedShape: [expected.length],
  actual,
  expected,
})

describe('judging a golden case', () => {
  it('passes what lies within 1e-5 plus 1e-4 of the value, and for gradients ten times that', () => {
    expect(judge([numbers([100.009, 1e-5], [100, 0])]).passed).toBe(true)
    expect(judge([numbers([100.02], [100])]).passed).toBe(false)
    expect(judge([numbers([2e-5], [0])]).passed).toBe(false)
    expect(judge([numbers([100.02, 9e-5], [100, 0], 'gradient')]).passed).toBe(true)
    expect(judge([numbers([101], [100], 'gradient')]).passed).toBe(false)
  })

  it('fails what is not a number, infinite, of another shape, or missing altogether', () => {
    expect(judge([numbers([Number.NaN], [1])]).passed).toBe(false)
    expect(judge([numbers([Number.POSITIVE_INFINITY], [1])]).passed).toBe(false)
    expect(judge([numbers([1, 2], [1])]).failures[0]).toMatch(/expected shape \[1\], got \[2\]/)
    expect(judge([]).failures).toEqual(['nothing was compared'])
  })

  it('compares what is not a number exactly, and shows where it differs', () => {
    const exact = (actual: unknown, expected: unknown): Comparison => ({ name: 'ids', kind: 'exact', actual, expected })
    expect(judge([exact([1, [2, 'x']], [1, [2, 'x']])]).passed).toBe(true)
    expect(judge([exact([1, 2, 3], [1, 5, 3])]).failures[0]).toMatch(/expected …\[1,5,3\]…, got …\[1,2,3\]/)
    expect(judge([exact(undefined, [1])]).passed).toBe(false)
  })

  it('tells the worst errors', () => {
    const { absolute, relative } = judge([numbers([1.001, 2], [1, 2]), numbers([2.5], [2])])
    expect(absolute).toBeCloseTo(0.5)
    expect(relative).toBeCloseTo(0.25)
  })

  it('the report has a line for each case and the count', () => {
    const text = reportText('cpu', [
      { name: 'a/one', status: 'passed', verdict: judge([numbers([1], [1])]) },
      { name: 'a/two', status: 'failed', verdict: judge([numbers([2], [1])]) },
      { name: 'b', status: 'no code yet' },
    ])
    expect(text).toMatch(/failed +a\/two.*\n +out\.y: off by 1\.0e\+0/)
    expect(text).toContain('1 passed, 1 failed, 1 with no code yet')
  })
})
