import { expect, it } from 'vitest'
import { scatter } from './scatter.ts'

const point = (x: number, y: number, group = 0, title = 'a') => ({ x, y, group, title })

it('has one scale for both axes, so that distances are true', () => {
  const { text } = scatter([point(0, 0), point(4, 0), point(0, 2)], 'points')
  const starts = [...text.matchAll(/d="M([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
  const [origin, right, up] = starts as [
    readonly [number, number],
    readonly [number, number],
    readonly [number, number],
  ]
  expect(right[0] - origin[0]).toBeCloseTo(2 * (origin[1] - up[1]), 0)
  expect(right[1]).toBe(origin[1])
})

it('tells groups apart by color, then by shape, and escapes titles', () => {
  const { text } = scatter([point(0, 0, 0, '<b>'), point(1, 1, 1), point(2, 2, 8)], 'points')
  expect([...text.matchAll(/class="(g\d)"/g)].map(([, group]) => group)).toEqual(['g0', 'g1', 'g0'])
  const shapes = [...text.matchAll(/ d="M[\d.]+ [\d.]+(.)/g)].map(([, command]) => command)
  expect(shapes).toEqual(['a', 'a', 'h'])
  expect(text).toContain('<title>&lt;b&gt;</title>')
})

it('draws points that are all the same', () => {
  expect(scatter([point(1, 1), point(1, 1)], 'points').text).not.toMatch(/NaN|Infinity/)
})
