import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'

/** A grayscale picture with its label. */
export interface LabeledPicture {
  readonly label: string
  readonly width: number
  readonly height: number
  /** Row by row, from 0 (black) to 255. */
  readonly pixels: Uint8Array
}

export interface DrawnDigitsOptions {
  /** Width and height in pixels; 20 by default. */
  readonly size?: number
}

type Point = readonly [x: number, y: number]

/** Strokes of each digit as polylines in the unit square, y downwards. */
const STROKES: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  '0': [arc(0.5, 0.5, 0.28, 0.42, 0, 360)],
  '1': [
    [
      [0.35, 0.25],
      [0.55, 0.08],
      [0.55, 0.92],
    ],
  ],
  '2': [
    [...arc(0.5, 0.3, 0.26, 0.22, 180, 400), [0.24, 0.9]],
    [
      [0.24, 0.9],
      [0.78, 0.9],
    ],
  ],
  '3': [arc(0.46, 0.29, 0.26, 0.2, 200, 450), arc(0.46, 0.7, 0.3, 0.21, 270, 520)],
  '4': [
    [
      [0.62, 0.92],
      [0.62, 0.08],
      [0.22, 0.62],
      [0.82, 0.62],
    ],
  ],
  '5': [
    [
      [0.76, 0.1],
      [0.3, 0.1],
      [0.28, 0.45],
    ],
    arc(0.46, 0.66, 0.3, 0.24, 235, 505),
  ],
  '6': [
    [
      [0.66, 0.08],
      [0.36, 0.4],
      [0.26, 0.66],
    ],
    arc(0.5, 0.68, 0.24, 0.23, 0, 360),
  ],
  '7': [
    [
      [0.22, 0.1],
      [0.78, 0.1],
      [0.42, 0.92],
    ],
  ],
  '8': [arc(0.5, 0.29, 0.22, 0.2, 0, 360), arc(0.5, 0.7, 0.27, 0.22, 0, 360)],
  '9': [
    arc(0.48, 0.32, 0.24, 0.23, 0, 360),
    [
      [0.72, 0.32],
      [0.66, 0.62],
      [0.44, 0.92],
    ],
  ],
}

function arc(x: number, y: number, radiusX: number, radiusY: number, from: number, to: number): Point[] {
  const segments = 20
  return Array.from({ length: segments + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / segments) * Math.PI) / 180
    return [x + radiusX * Math.cos(angle), y + radiusY * Math.sin(angle)]
  })
}

/**
 * Digits as if written by hand, labeled `0` to `9` in turn. Each digit has a random slant, rotation, stretch, shift, pen width and
 * noise.
 */
export function drawnDigits(
  count: number,
  rng: RandomStream,
  { size = 20 }: DrawnDigitsOptions = {},
): LabeledPicture[] {
  checkInteger('drawnDigits', 'a count', count, 0)
  checkInteger('drawnDigits', 'a size', size, 1)
  const labels = Object.keys(STROKES)
  return Array.from({ length: count }, (_, i) => {
    const label = labels[i % labels.length]!
    return { label, width: size, height: size, pixels: draw(STROKES[label]!, size, rng) }
  })
}

function draw(strokes: readonly (readonly Point[])[], size: number, rng: RandomStream): Uint8Array {
  const turn = rng.normal(0, 0.12)
  const [slant, stretchX, stretchY] = [rng.normal(0, 0.2), 0.6 + 0.25 * rng.uniform(), 0.65 + 0.25 * rng.uniform()]
  const [shiftX, shiftY] = [rng.normal(0, 0.05), rng.normal(0, 0.05)]
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const place = ([x, y]: Point): Point => {
    const across = (x - 0.5) * stretchX + slant * (0.5 - y)
    const down = (y - 0.5) * stretchY
    return [(0.5 + shiftX + cos * across - sin * down) * size, (0.5 + shiftY + sin * across + cos * down) * size]
  }
  const lines = strokes.map((points) => points.map(place))
  const pen = (0.035 + 0.03 * rng.uniform()) * size
  const pixels = new Uint8Array(size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const distance = Math.min(...lines.map((points) => distanceTo(points, x + 0.5, y + 0.5)))
      // The edge of the pen is gray for half a pixel on either side.
      const ink = Math.min(1, Math.max(0, pen + 0.5 - distance))
      pixels[y * size + x] = Math.round(255 * Math.min(1, Math.max(0, ink + rng.normal(0, 0.08))))
    }
  }
  return pixels
}

/** Distance of a point from a polyline. */
function distanceTo(points: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let i = 1; i < points.length; i++) {
    const [ax, ay] = points[i - 1]!
    const [bx, by] = points[i]!
    const [dx, dy] = [bx - ax, by - ay]
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    nearest = Math.min(nearest, Math.hypot(x - ax - along * dx, y - ay - along * dy))
  }
  return nearest
}
