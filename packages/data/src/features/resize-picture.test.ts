import { describe, expect, test } from 'vitest'
import { resizePicture } from './resize-picture.ts'

describe('resizePicture', () => {
  const ramp = { width: 4, height: 2, pixels: Float32Array.from({ length: 24 }, (_, i) => Math.floor(i / 3)) }

  test('takes the mean of the area that a pixel covers', () => {
    const { pixels } = resizePicture(ramp, 2, 1)
    expect([...pixels]).toEqual([2.5, 2.5, 2.5, 4.5, 4.5, 4.5])
  })

  test('keeps the mean when sides do not divide, and everything at the same size', () => {
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b) / values.length
    expect(mean(resizePicture(ramp, 3, 5).pixels)).toBeCloseTo(3.5, 5)
    expect([...resizePicture(ramp, 4, 2).pixels]).toEqual([...ramp.pixels])
  })
})
