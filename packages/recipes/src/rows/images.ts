import type { RandomStream } from '@heddle/core'

/** A grey picture with its label. */
export interface LabelledImage {
  /** Row by row, from 0 (black) to 255. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  readonly label: string
}

/** The picture moved by up to `most` pixels in both directions; what comes in at the edges is black. */
export function shifted(
  pixels: Uint8Array,
  { width, height }: { width: number; height: number },
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
