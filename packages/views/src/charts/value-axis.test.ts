import { describe, expect, it } from 'vitest'
import { type AxisKind, valueAxis } from './value-axis.ts'

const axis = (kind: AxisKind, values: number[]) => valueAxis(kind, values, [100, 0])

describe('valueAxis', () => {
  it('of shares ends at 100 % and starts near the smallest', () => {
    const near = axis('share', [0.93, 0.97])
    expect([near.place(0.9), near.place(1)]).toEqual([100, 0])
    const wide = axis('share', [0.2, 0.97])
    expect([wide.place(0), wide.place(1)]).toEqual([100, 0])
    expect(axis('share', [1, 1]).ticks.at(-1)).toBe(1)
  })

  it('of small shares starts at 0, and never ends below a value', () => {
    const small = axis('share', [0.01, 0.08])
    expect([small.place(0), small.place(0.1)]).toEqual([100, 0])
    expect(axis('share', [0, 0]).place(1)).toBe(0)
    expect(axis('share', [0.4, 1.3]).place(1.3)).toBeGreaterThanOrEqual(0)
  })

  it.each([
    ['share', [0.993, 0.999], /^\d+\.\d %$/],
    ['share', [0.2, 0.9], /^\d+ %$/],
    ['linear', [0, 0.37], /^\d\.\d\d?$/],
    ['log', [1e-5, 2], /^1e-?\d$/],
    ['log', [0.4, 2.5], /^\d\.\d$/],
    ['log', [0.195, 0.265], /^0\.\d\d$/],
  ] as [AxisKind, number[], RegExp][])('labels the ticks of %s %j alike', (kind, values, form) => {
    const { labels } = axis(kind, values)
    expect(labels.length).toBeGreaterThan(2)
    for (const label of labels) expect(label).toMatch(form)
    expect(new Set(labels.map((label) => label.split('.')[1]?.length)).size).toBe(1)
  })

  it.each(['linear', 'log', 'share'] as const)('of one value has room on both sides: %s', (kind) => {
    const { place, ticks } = axis(kind, [0.7])
    expect(Number.isFinite(place(0.7))).toBe(true)
    expect(place(0.7)).toBeGreaterThan(0)
    expect(place(0.7)).toBeLessThan(100)
    expect(ticks.length).toBeGreaterThan(1)
  })

  it('of negative values has 0 at its end', () => {
    expect(axis('linear', [-3, -1]).place(0)).toBe(0)
  })
})
