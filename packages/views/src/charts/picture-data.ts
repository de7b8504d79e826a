import { encode } from 'fast-png'

// Pictures are part of the page, which then needs no other file.

/** @param pixels [H, W], from 0 (black) to 1 (white) */
export const grayPng = (pixels: readonly number[], width: number, height: number): string =>
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
  return pngUrl(encode({ width, height, data, channels }))
}

/** The address of a PNG that is part of the page. */
export const pngUrl = (bytes: Uint8Array): string => `data:image/png;base64,${base64(bytes)}`

/** Arguments that one call may have in every engine. */
const CHUNK = 8192

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK) binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return btoa(binary)
}
