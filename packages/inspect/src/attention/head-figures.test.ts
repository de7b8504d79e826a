import { describe, expect, it } from 'vitest'
import { headFigures } from './head-figures.ts'

describe('headFigures', () => {
  it('of a head that looks at the token before: all but the first query', () => {
    const figures = headFigures(
      [
        [1, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
      ],
      true,
    )
    expect(figures).toEqual({
      entropy: 0,
      first: 2 / 3,
      last: 0,
      distance: 2 / 3,
      previous: 1,
      itself: 1 / 3,
      next: 0,
    })
  })

  it('are means over the queries', () => {
    const weights = [
      [0.5, 0.5],
      [0.25, 0.75],
    ]
    const { entropy, first, last, distance, previous, itself, next } = headFigures(weights, true)
    expect(entropy).toBeCloseTo((1 + (0.25 * 2 - 0.75 * Math.log2(0.75))) / 2, 12)
    expect([first, last, distance, previous, itself, next]).toEqual([0.375, 0.625, 0.375, 0.25, 0.625, 0.5])
  })

  it('of cross-attention have no distance, since queries and keys are different tokens', () => {
    expect(headFigures([[0.25, 0.25, 0.25, 0.25]], false)).toEqual({ entropy: 2, first: 0.25, last: 0.25 })
  })
})
