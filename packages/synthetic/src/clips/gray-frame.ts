import type { RandomStream } from '@heddle/core'
import { coverage } from './shapes.ts'

/** Draws a bright shape on a dark, noisy background. */
export function drawGrayFrame(
  pixels: Uint8Array,
  size: number,
  rng: RandomStream,
  isInside: (x: number, y: number) => boolean,
): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = 0.1 + 0.75 * coverage(x, y, isInside) + rng.normal(0, 0.05)
      pixels[y * size + x] = Math.round(255 * Math.min(1, Math.max(0, value)))
    }
  }
}
