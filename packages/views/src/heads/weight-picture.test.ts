import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { inBlocks, weightPicture } from './weight-picture.ts'

describe('weightPicture', () => {
  it('holds each weight as the square of its opacity', () => {
    const weights = [
      [0, 0.003, 0.1],
      [0.25, 0.5, 1],
    ]
    const [kind, content] = weightPicture(weights).split(',')
    expect(kind).toBe('data:image/png;base64')
    const { width, height, data, palette } = decode(Uint8Array.from(atob(content!), (each) => each.charCodeAt(0)))
    expect([width, height]).toEqual([3, 2])
    for (const [i, weight] of weights.flat().entries()) {
      // A color without an opacity of its own is opaque.
      const opacity = palette![data[i]!]![3] ?? 255
      expect(Math.abs((opacity / 255) ** 2 - weight)).toBeLessThan(0.004)
    }
  })
})

describe('inBlocks', () => {
  it('takes the largest weight of each block, those at the edges too', () => {
    const weights = [
      [0.1, 0.9, 0],
      [0.2, 0.3, 0.5],
      [0, 0, 1],
    ]
    expect(inBlocks(weights, 2)).toEqual([
      [0.9, 0.5],
      [0, 1],
    ])
    expect(inBlocks(weights, 1)).toBe(weights)
  })
})
