import { decodePng, type PngOptions } from './decode-png.ts'

// H height, W width

/** A picture in colors. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** [H, W, 3], row-major, red, green and blue from 0 to 1. */
  readonly pixels: Float32Array
}

/**
 * Reads a PNG file as a picture on white ground: transparent pixels show white.
 *
 * @throws HeddleError `format` for damaged files, and for pictures with more than `maxPixels` pixels
 * @see decodePng
 */
export function parsePng(bytes: Uint8Array, options: PngOptions = {}): Picture {
  const { width, height, depth, data } = decodePng(bytes, options)
  const most = 2 ** depth - 1
  const pixels = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3]! / most
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = 1 - alpha + (alpha * data[4 * i + c]!) / most
  }
  return { width, height, pixels }
}
