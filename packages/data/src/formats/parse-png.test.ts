import { encode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import { parsePng } from './parse-png.ts'

describe('parsePng', () => {
  test('reads colors from 0 to 1', () => {
    const bytes = encode({ width: 2, height: 1, data: Uint8Array.of(255, 0, 51, 0, 102, 255), channels: 3, depth: 8 })
    const { width, height, pixels } = parsePng(bytes)
    expect([width, height]).toEqual([2, 1])
    for (const [i, value] of [1, 0, 0.2, 0, 0.4, 1].entries()) expect(pixels[i]).toBeCloseTo(value, 6)
  })

  test('shows white where it is transparent, and gray in all three colors', () => {
    const clear = encode({ width: 1, height: 1, data: Uint8Array.of(0, 0, 0, 0), channels: 4, depth: 8 })
    expect([...parsePng(clear).pixels]).toEqual([1, 1, 1])
    const gray = encode({ width: 1, height: 1, data: Uint16Array.of(0x8000), channels: 1, depth: 16 })
    for (const value of parsePng(gray).pixels) expect(value).toBeCloseTo(0.5, 4)
  })

  test('reads colors by a palette', () => {
    const palette = [
      [255, 0, 0],
      [0, 0, 255],
    ]
    const bytes = encode({ width: 2, height: 1, data: Uint8Array.of(1, 0), channels: 1, depth: 8, palette })
    expect([...parsePng(bytes).pixels]).toEqual([0, 0, 1, 1, 0, 0])
  })

  test('names the file that is no PNG', () => {
    expect(() => parsePng(new Uint8Array(20), { file: 'cat.png' })).toThrow(
      /^cat\.png: expected a PNG picture, got an error/,
    )
  })
})
