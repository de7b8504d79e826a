import type { RandomStream } from '@heddle/core'
import type { PictureSize } from './change-picture.ts'

/**
 * Moves a gray picture at random by up to `most` pixels in both directions. New pixels at the edges are black.
 *
 * @param pixels [H, W], row-major
 */
export function shiftPicture(
  pixels: Uint8Array,
  { width, height }: PictureSize,
  most: number,
  rng: RandomStream,
): Uint8Array {
  const across = rng.integer(2 * most + 1) - most
  const down = rng.integer(2 * most + 1) - most
  const result = new Uint8Array(pixels.length)
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    for (let x = Math.max(0, across); x < Math.min(width, width + across); x++) {
      result[y * width + x] = pixels[(y - down) * width + (x - across)]!
    }
  }
  return result
}
