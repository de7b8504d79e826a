/** Whether a point, relative to the center of a shape, lies on the shape. */
export type ShapeTest = (x: number, y: number, radius: number) => boolean

export type Shape = 'disc' | 'square' | 'cross' | 'triangle'

export const SHAPE_TESTS: Readonly<Record<Shape, ShapeTest>> = {
  disc: (x, y, radius) => Math.hypot(x, y) <= radius,
  square: (x, y, radius) => Math.max(Math.abs(x), Math.abs(y)) <= 0.85 * radius,
  cross: (x, y, radius) =>
    Math.min(Math.abs(x), Math.abs(y)) <= 0.35 * radius && Math.max(Math.abs(x), Math.abs(y)) <= radius,
  triangle: (x, y, radius) => y <= 0.85 * radius && Math.abs(x) <= 0.55 * (y + radius),
}

/** Share of a pixel that a shape covers, from four samples: half-covered pixels are gray. */
export function coverage(x: number, y: number, isInside: (x: number, y: number) => boolean): number {
  let covered = 0
  for (const dy of [0.25, 0.75]) for (const dx of [0.25, 0.75]) if (isInside(x + dx, y + dy)) covered += 0.25
  return covered
}
