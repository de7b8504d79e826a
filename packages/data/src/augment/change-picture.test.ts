import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { changePicture } from './change-picture.ts'

const size = { width: 24, height: 24 }
/** A red disc on white ground. */
const pixels = Float32Array.from({ length: 24 * 24 * 3 }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % 24, Math.floor(i / 72)]
  return Math.hypot(x - 11.5, y - 11.5) > 6 || i % 3 === 0 ? 1 : 0.1
})

describe('changePicture', () => {
  it('leaves a picture alone where nothing is to be changed', () => {
    expect(changePicture(pixels, size, { geometry: 0, color: 0, outline: 0 }, new RandomStream(1))).toEqual(pixels)
  })

  it('keeps pixels in range and the white ground white', () => {
    const rng = new RandomStream(1)
    for (let i = 0; i < 30; i++) {
      const changed = changePicture(pixels, size, { geometry: 1, color: 1, outline: 1 }, rng)
      expect(Math.min(...changed)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...changed)).toBeLessThanOrEqual(1 + 1e-6)
      expect(changed[0]).toBeCloseTo(1, 5)
      expect(changed).not.toEqual(pixels)
    }
  })

  it('draws outlines where there are edges', () => {
    const darkest = (values: Float32Array) => Math.min(...values)
    const pale = pixels.map((value) => 0.5 + value / 2)
    const outlined = changePicture(pale, size, { geometry: 0, color: 0, outline: 1 }, new RandomStream(1))
    expect(darkest(outlined)).toBeLessThan(darkest(pale) - 0.1)
  })
})
