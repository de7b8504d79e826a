import { encode } from 'fast-png'

// Pictures stand inside the page, so that it needs no other file.

/** @param pixels [H, W], from 0 (black) to 1 (white) */
export const greyPng = (pixels: readonly number[], width: number, height: number): string =>
  dataUrl(
    pixels.map((value) => 255 * value),
    width,
    height,
    1,
  )

/** @param pixels [H, W, 3], from 0 to 255 */
export const colorPng = (pixels: readonly number[], width: number, height: number): string =>
  dataUrl(pixels, width, height, 3)

function dataUrl(values: readonly number[], width: number, height: number, channels: 1 | 3): string {
  const data = Uint8Array.from(values, (value) => Math.round(Math.min(255, Math.max(0, value))))
  return `data:image/png;base64,${Buffer.from(encode({ width, height, data, channels })).toString('base64')}`
}
