import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { principalComponents } from './principal-components.ts'

const rows = (values: readonly (readonly number[])[]) => values.map((row) => Float32Array.from(row))

describe('principalComponents', () => {
  it('are those of a singular value decomposition (numpy)', () => {
    const { coordinates, explained } = principalComponents(
      rows([
        [0.75, 1.5, -2.25, -1.5],
        [-1.5, -0.5, 0.0, 2.25],
        [-1.25, -0.75, 0.75, -2.0],
        [-0.75, -0.5, 1.25, 2.0],
        [-1.0, 1.0, -0.25, 0.0],
        [1.75, -1.0, 1.5, 1.5],
        [-2.25, 2.25, -1.5, 2.0],
      ]),
    )
    const x = [-3.0072026, 1.2644866, -0.5311321, 2.0070719, -0.8778609, 2.4733909, -1.3287541]
    const y = [-1.240487, 1.3548367, -2.1628845, 0.4671299, 0.0666903, -1.4356847, 2.9503991]
    for (const [i, [first, second]] of coordinates.entries()) {
      expect(first).toBeCloseTo(x[i]!, 4)
      expect(second).toBeCloseTo(y[i]!, 4)
    }
    expect(explained[0]).toBeCloseTo(0.4541275, 6)
    expect(explained[1]).toBeCloseTo(0.366302, 6)
  })

  it('of points on a line explain all of the variance', () => {
    const { coordinates, explained } = principalComponents(
      rows([
        [0, 0, 0],
        [3, 4, 0],
        [6, 8, 0],
      ]),
    )
    expect(explained[0]).toBeCloseTo(1, 9)
    expect(coordinates.map(([x]) => x)).toEqual([-5, 0, 5].map((x) => expect.closeTo(x, 5)))
    for (const [, y] of coordinates) expect(y).toBeCloseTo(0, 5)
  })

  it('find the widest directions among many dimensions', () => {
    const rng = new RandomStream(3)
    // Noise of deviation 1 in 200 dimensions, 20 in dimension 17 and 12 in dimension 90.
    const vectors = Array.from({ length: 300 }, () =>
      Float32Array.from({ length: 200 }, (_, m) => (m === 17 ? 20 : m === 90 ? 12 : 1) * rng.normal()),
    )
    const { coordinates } = principalComponents(vectors)
    const correlation = (a: readonly number[], b: readonly number[]) => {
      const center = (values: readonly number[]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        return values.map((value) => value - mean)
      }
      const [x, y] = [center(a), center(b)]
      const product = (p: readonly number[], q: readonly number[]) =>
        p.reduce((sum, value, i) => sum + value * q[i]!, 0)
      return product(x, y) / Math.sqrt(product(x, x) * product(y, y))
    }
    for (const [i, m] of [17, 90].entries()) {
      const found = coordinates.map((each) => each[i]!)
      expect(
        correlation(
          found,
          vectors.map((vector) => vector[m]!),
        ),
      ).toBeGreaterThan(0.98)
    }
  })

  it('of equal vectors are zero', () => {
    const { coordinates, explained } = principalComponents(rows([[1, 2], [1, 2]])) // biome-ignore format: a matrix
    expect([coordinates, explained]).toEqual([[[0, 0], [0, 0]], [0, 0]]) // biome-ignore format: a matrix
  })
})
