import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import * as initializers from './initializers.ts'

const shape = [40, 60]
const draw = (initializer: initializers.Initializer, size = shape) => [...initializer(size, new RandomStream(1))]
const spread = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
const largest = (values: number[]) => Math.max(...values.map(Math.abs))

describe('initializers', () => {
  it('constants are constant', () => {
    expect(new Set(draw(initializers.constant(2.5)))).toEqual(new Set([2.5]))
    expect([new Set(draw(initializers.zeros)), new Set(draw(initializers.ones))]).toEqual([new Set([0]), new Set([1])])
  })

  it('uniform ones keep to their bounds and fill them', () => {
    const bounds: [initializers.Initializer, number][] = [
      [initializers.uniform(-0.5, 0.5), 0.5],
      [initializers.xavierUniform(), Math.sqrt(6 / 100)],
      [initializers.kaimingUniform(), Math.sqrt(6 / 40)],
    ]
    for (const [initializer, bound] of bounds) {
      const values = draw(initializer)
      expect(largest(values)).toBeLessThanOrEqual(bound)
      expect(largest(values)).toBeGreaterThan(0.98 * bound)
      expect(spread(values)).toBeCloseTo(bound / Math.sqrt(3), 1)
    }
  })

  it('normal ones have their standard deviation', () => {
    const deviations: [initializers.Initializer, number][] = [
      [initializers.normal(0.7), 0.7],
      [initializers.xavierNormal(2), 2 * Math.sqrt(2 / 100)],
      [initializers.kaimingNormal(), Math.sqrt(2 / 40)],
    ]
    for (const [initializer, deviation] of deviations) {
      expect(spread(draw(initializer)) / deviation).toBeCloseTo(1, 1)
    }
  })

  it('the truncated normal has no tails', () => {
    const values = draw(initializers.truncatedNormal(0.02))
    expect(largest(values)).toBeLessThanOrEqual(0.04)
    // The standard deviation of a normal distribution cut at two of its own.
    expect(spread(values) / 0.02).toBeCloseTo(0.88, 1)
  })

  for (const [rows, columns] of [
    [6, 6],
    [9, 4],
    [4, 9],
  ] as const) {
    it(`an orthogonal ${rows} by ${columns} matrix has orthonormal ${rows < columns ? 'rows' : 'columns'}`, () => {
      const values = draw(initializers.orthogonal(3), [rows, columns])
      const vectors = Math.min(rows, columns)
      const vector = (i: number) =>
        rows < columns
          ? values.slice(i * columns, (i + 1) * columns)
          : Array.from({ length: rows }, (_, r) => values[r * columns + i]!)
      for (let i = 0; i < vectors; i++) {
        for (let j = 0; j < vectors; j++) {
          const product = vector(i).reduce((sum, value, k) => sum + value * vector(j)[k]!, 0)
          expect(product).toBeCloseTo(i === j ? 9 : 0, 4)
        }
      }
    })
  }

  it('fans count what feeds an output; leading axes are a window', () => {
    expect(initializers.fans([3, 5])).toEqual({ fanIn: 3, fanOut: 5 })
    expect(initializers.fans([2, 2, 3, 5])).toEqual({ fanIn: 12, fanOut: 20 })
    expect(() => initializers.fans([5])).toThrow(/at least two axes/)
  })
})
