import { RandomStream } from '@heddle/core'
import { describe, expect, it } from 'vitest'
import { drawnDigits } from './drawn-digits.ts'

describe('drawnDigits', () => {
  it('draws ten digits, none like another, the same for the same seed', () => {
    const digits = drawnDigits(40, new RandomStream(1), { size: 16 })
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10)
    expect(new Set(digits.map(({ pixels }) => pixels.join())).size).toBe(40)
    expect(drawnDigits(40, new RandomStream(1), { size: 16 })).toEqual(digits)
    for (const { pixels } of digits) {
      const ink = pixels.filter((pixel) => pixel > 128).length
      expect(ink).toBeGreaterThan(8)
      expect(ink).toBeLessThan(128)
    }
  })
})
