import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { drawGrayFrame } from './gray-frame.ts'
import type { LabeledClip } from './moving-shapes.ts'
import { SHAPE_TESTS, type Shape } from './shapes.ts'

const SHAPES: readonly Shape[] = ['disc', 'square', 'cross']

/** State of a shape: place relative to the middle of its path, and radius, both as shares of the frame's size. */
interface Pose {
  readonly x: number
  readonly y: number
  readonly radius: number
}

/** Radius of shapes that keep their size. */
const RADIUS = 0.17
/** Half of a straight path, and radius of a round one. */
const REACH = 0.24

const along = (x: number, y: number) => (time: number) => ({ x: x * time, y: y * time, radius: RADIUS })
const around = (direction: number) => (time: number, start: number) => {
  const angle = start + direction * Math.PI * time
  return { x: REACH * Math.cos(angle), y: REACH * Math.sin(angle), radius: RADIUS }
}
const resized = (direction: number) => (time: number) => ({ x: 0, y: 0, radius: 0.2 + 0.11 * direction * time })

/** Pose at a time from -1 to 1; `start` is a random angle. y points downwards. */
const MOTIONS: Readonly<Record<string, (time: number, start: number) => Pose>> = {
  left: along(-REACH, 0),
  right: along(REACH, 0),
  up: along(0, -REACH),
  down: along(0, REACH),
  clockwise: around(1),
  counterclockwise: around(-1),
  growing: resized(1),
  shrinking: resized(-1),
}

export interface ShapeMotionsOptions {
  /** Number of frames of the shortest clip; 8 by default. */
  readonly shortest?: number
  /** Number of frames of the longest clip; 14 by default. */
  readonly longest?: number
  /** Width and height of a frame in pixels; 14 by default. */
  readonly size?: number
}

/**
 * Clips of a shape with one motion and one label each, on a noisy background. Each motion has an opposite with the same frames in
 * another order, so that neither a frame nor the mean of all frames shows the label.
 */
export function shapeMotions(
  count: number,
  rng: RandomStream,
  { shortest = 8, longest = 14, size = 14 }: ShapeMotionsOptions = {},
): LabeledClip[] {
  checkInteger('shapeMotions', 'a count', count, 0)
  checkInteger('shapeMotions', 'a shortest length', shortest, 2)
  checkInteger('shapeMotions', 'a longest length', longest, shortest)
  checkInteger('shapeMotions', 'a size', size, 8)
  return Array.from({ length: count }, () => {
    const shape = SHAPE_TESTS[rng.pick(SHAPES)]
    const label = rng.pick(Object.keys(MOTIONS))
    const frames = shortest + rng.integer(longest - shortest + 1)
    const start = 2 * Math.PI * rng.uniform()
    const [middleX, middleY] = [0.5 + 0.12 * (rng.uniform() - 0.5), 0.5 + 0.12 * (rng.uniform() - 0.5)]
    const pixels = new Uint8Array(frames * size * size)
    for (let t = 0; t < frames; t++) {
      const { x, y, radius } = MOTIONS[label]!((2 * t) / (frames - 1) - 1, start)
      drawGrayFrame(pixels.subarray(t * size * size, (t + 1) * size * size), size, rng, (across, down) =>
        shape(across - (middleX + x) * size, down - (middleY + y) * size, radius * size),
      )
    }
    return { pixels, width: size, height: size, labels: [label] }
  })
}
