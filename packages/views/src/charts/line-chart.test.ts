import { describe, expect, it } from 'vitest'
import { lineChart, thinned } from './line-chart.ts'

const chart = (points: [number, number][], scale: 'linear' | 'log' = 'linear') =>
  lineChart({ title: 'Loss', xLabel: 'step', series: [{ name: 'training', color: 1, points }], scale }).text

describe('lineChart', () => {
  it('draws a path through the points, falling where the values fall', () => {
    const text = chart([[1, 4], [2, 2], [3, 1]]) // biome-ignore format: points in a line
    const path = /<path class="line s1" d="([^"]+)"/.exec(text)![1]!
    const ys = [...path.matchAll(/[ML][\d.]+,([\d.]+)/g)].map((match) => Number(match[1]))
    expect(ys).toHaveLength(3)
    // Down on the screen is a larger y.
    expect(ys[0]).toBeLessThan(ys[1]!)
    expect(ys[1]).toBeLessThan(ys[2]!)
    expect(text).not.toContain('<circle')
  })

  it('leaves gaps for values that it cannot draw', () => {
    expect(chart([[1, 1], [2, Number.NaN], [3, 2]])).not.toContain('NaN') // biome-ignore format: points in a line
    expect(chart([[1, 1], [2, 0], [3, 0.01]], 'log')).not.toMatch(/NaN|Infinity/) // biome-ignore format: points in a line
    expect(chart([])).toBe('')
    expect(chart([[1, Number.NaN]])).toBe('')
    expect(chart([[1, 0]], 'log')).toBe('')
  })

  it('draws a single point as a dot in the middle, with its step as the only tick', () => {
    for (const scale of ['linear', 'log'] as const) {
      const text = chart([[300, 0.7]], scale)
      const [, x, y] = /<circle class="dot f1" r="3.5" cx="([\d.]+)" cy="([\d.]+)"/.exec(text)!
      expect(Number(x)).toBeCloseTo((58 + 640 - 16) / 2, 0)
      expect(Number(y)).toBeGreaterThan(12)
      expect(Number(y)).toBeLessThan(226)
      expect(text.match(/text-anchor="middle"/g)).toHaveLength(1)
      expect(text).toContain('>300</text>')
      expect(text).not.toMatch(/NaN|Infinity/)
    }
  })

  it('marks places within the range of the points, with their names on the side where there is room', () => {
    const points: [number, number][] = [[0, 4], [10, 2]] // biome-ignore format: points in a line
    const marks = [2, 9, 11].map((x) => ({ x, name: `at ${x}` }))
    const series = [{ name: 'loss', color: 1, points }] as const
    const { text } = lineChart({ title: 'Loss', xLabel: 'step', series, marks })
    const found = [...text.matchAll(/<g class="mark"><line x1="([\d.]+)".*?text-anchor="(\w+)">([^<]+)</g)]
    const place = (x: number) => (58 + (x / 10) * (640 - 16 - 58)).toFixed(1)
    expect(found.map(([, ...parts]) => parts)).toEqual([
      [place(2), 'start', 'at 2'],
      [place(9), 'end', 'at 9'],
    ])
  })

  it('tells the value under the pointer', () => {
    expect(chart([[1, 4], [200, 2]])).toContain('<title>training 4 (step 1)</title>') // biome-ignore format: points in a line
  })

  it('thins a long line to means that keep its last step', () => {
    const points = Array.from({ length: 1001 }, (_, i) => [i, i % 2] as const)
    const thin = thinned(points, 100)
    expect(thin.length).toBeLessThanOrEqual(100)
    expect(thin.at(-1)![0]).toBe(1000)
    expect(thin[0]![1]).toBeCloseTo(0.5, 1)
  })
})
