import type { LabeledClip } from '../clips/moving-shapes.ts'

/** Center and mass of the bright pixels of a frame. */
export function middle({ pixels, width, height }: LabeledClip, frame: number): { x: number; y: number; mass: number } {
  let [mass, x, y] = [0, 0, 0]
  for (let i = 0; i < width * height; i++) {
    const bright = Math.max(0, pixels[frame * width * height + i]! - 110)
    mass += bright
    x += bright * (i % width)
    y += bright * Math.floor(i / width)
  }
  return { x: x / mass, y: y / mass, mass }
}
