import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { drawGrayFrame } from './gray-frame.ts'
import { SHAPE_TESTS, type Shape } from './shapes.ts'

/** A clip of grayscale frames with a label for each frame. */
export interface LabeledClip {
  /** Frame by frame and row by row, from 0 (black) to 255. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  /** One for each frame. */
  readonly labels: readonly string[]
}

interface Motion {
  readonly label: string
  readonly dx: number
  readonly dy: number
  readonly growth: number
}

const MOTIONS: readonly Motion[] = [
  { label: 'still', dx: 0, dy: 0, growth: 0 },
  { label: 'left', dx: -1, dy: 0, growth: 0 },
  { label: 'right', dx: 1, dy: 0, growth: 0 },
  { label: 'up', dx: 0, dy: -1, growth: 0 },
  { label: 'down', dx: 0, dy: 1, growth: 0 },
  { label: 'growing', dx: 0, dy: 0, growth: 0.5 },
  { label: 'shrinking', dx: 0, dy: 0, growth: -0.5 },
]
const SHAPES: readonly Shape[] = ['disc', 'square', 'cross']
const SHORTEST_MOTION = 3
const LONGEST_MOTION = 7
const RADIUS = { least: 1, most: 4 }

export interface MovingShapesOptions {
  /** Number of frames of a clip; 20 by default. */
  readonly frames?: number
  /** Width and height of a frame in pixels; 12 by default. */
  readonly size?: number
}

/**
 * Clips of a shape that moves, rests, grows or shrinks for a few frames at a time, on a noisy background. A frame's label is the
 * change since the frame before, which no single frame shows. The first frame has the label of the change that follows.
 */
export function movingShapes(
  count: number,
  rng: RandomStream,
  { frames = 20, size = 12 }: MovingShapesOptions = {},
): LabeledClip[] {
  checkInteger('movingShapes', 'a count', count, 0)
  checkInteger('movingShapes', 'frames', frames, 1)
  checkInteger('movingShapes', 'a size', size, 2 * RADIUS.most)
  return Array.from({ length: count }, () => drawClip(frames, size, rng))
}

function drawClip(frames: number, size: number, rng: RandomStream): LabeledClip {
  const shape = rng.pick(SHAPES)
  const pixels = new Uint8Array(frames * size * size)
  const labels: string[] = []
  let radius = RADIUS.least + 1 + rng.integer(RADIUS.most - RADIUS.least)
  let x = radius + rng.uniform() * (size - 2 * radius)
  let y = radius + rng.uniform() * (size - 2 * radius)
  let motion = MOTIONS[0]!
  let left = 0
  const fits = ({ dx, dy, growth }: Motion) => {
    const next = radius + growth
    const [nextX, nextY] = [x + dx, y + dy]
    const within = (at: number) => at - next >= -0.5 && at + next <= size + 0.5
    return next >= RADIUS.least && next <= RADIUS.most && within(nextX) && within(nextY)
  }
  for (let t = 0; t < frames; t++) {
    if (left === 0 || !fits(motion)) {
      motion = rng.pick(MOTIONS.filter((candidate) => fits(candidate) && candidate !== motion))
      left = SHORTEST_MOTION + rng.integer(LONGEST_MOTION - SHORTEST_MOTION + 1)
    }
    if (t > 0) {
      x += motion.dx
      y += motion.dy
      radius += motion.growth
      left--
    }
    labels.push(motion.label)
    drawGrayFrame(pixels.subarray(t * size * size, (t + 1) * size * size), size, rng, (across, down) =>
      SHAPE_TESTS[shape](across - x, down - y, radius),
    )
  }
  return { pixels, width: size, height: size, labels }
}
