import { expect, test } from 'vitest'
import { pngFile } from '../test-support/png-file.ts'
import { parsePng } from './parse-png.ts'

/** A picture one pixel high of these samples. */
const png = (colorType: number, bits: number, channels: number, samples: readonly number[]) =>
  pngFile({
    ...{ width: samples.length / channels, height: 1, colorType, bits },
    sample: (x, _y, c) => samples[x * channels + c]!,
  })

test('reads colors from 0 to 1', () => {
  const { width, height, pixels } = parsePng(png(2, 8, 3, [255, 0, 51, 0, 102, 255]))
  expect([width, height]).toEqual([2, 1])
  for (const [i, value] of [1, 0, 0.2, 0, 0.4, 1].entries()) expect(pixels[i]).toBeCloseTo(value, 6)
})

test('shows white where it is transparent, and gray in all three colors', () => {
  expect([...parsePng(png(6, 8, 4, [0, 0, 0, 0])).pixels]).toEqual([1, 1, 1])
  for (const value of parsePng(png(4, 8, 2, [0, 51])).pixels) expect(value).toBeCloseTo(0.8, 6)
  for (const value of parsePng(png(0, 16, 1, [0x8000])).pixels) expect(value).toBeCloseTo(0.5, 4)
})

test('names the file that is not PNG', () => {
  expect(() => parsePng(new Uint8Array(20), { file: 'cat.png' })).toThrow(/^cat\.png: expected a PNG picture/)
})
