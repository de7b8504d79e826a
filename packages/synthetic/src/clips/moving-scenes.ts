import type { RandomStream } from '@heddle/core'
import { checkInteger } from '../shared/check-integer.ts'
import { coverage, SHAPE_TESTS, type ShapeTest } from './shapes.ts'

const SHAPES: readonly (readonly [name: string, test: ShapeTest])[] = [
  ['circle', SHAPE_TESTS.disc],
  ['square', SHAPE_TESTS.square],
  ['triangle', SHAPE_TESTS.triangle],
  ['cross', SHAPE_TESTS.cross],
]
const COLORS: readonly (readonly [name: string, rgb: readonly [number, number, number]])[] = [
  ['red', [0.9, 0.15, 0.15]],
  ['green', [0.15, 0.75, 0.25]],
  ['blue', [0.2, 0.35, 0.95]],
  ['yellow', [0.95, 0.85, 0.15]],
  ['white', [0.95, 0.95, 0.95]],
]

interface Event {
  readonly verb: string
  readonly dx: number
  readonly dy: number
  readonly growth: number
}

/** Changes during an event, as shares of the frame's size. y points downwards. */
const EVENTS: readonly Event[] = [
  { verb: 'moves left', dx: -0.4, dy: 0, growth: 0 },
  { verb: 'moves right', dx: 0.4, dy: 0, growth: 0 },
  { verb: 'rises', dx: 0, dy: -0.4, growth: 0 },
  { verb: 'falls', dx: 0, dy: 0.4, growth: 0 },
  { verb: 'grows', dx: 0, dy: 0, growth: 0.16 },
  { verb: 'shrinks', dx: 0, dy: 0, growth: -0.16 },
]
/** Frames of an event. */
const FRAMES = { least: 4, most: 6 }
const RADIUS = 0.24
const BACKGROUND = 0.08

/** A color clip. */
export interface SceneClip {
  readonly name: string
  /** Always 0: clips have one style of drawing. */
  readonly style: number
  readonly width: number
  readonly height: number
  /** RGB, frame by frame and row by row, from 0 to 1. [T, height, width, 3] */
  readonly pixels: Float32Array<ArrayBuffer>
}

/** A clip with a sentence about it. */
export interface SceneClipWithCaption {
  readonly source: SceneClip
  readonly target: string
}

export interface MovingScenesOptions {
  /** Largest number of events, one after the other; 2 by default. */
  readonly events?: number
  /** Width and height of a frame in pixels; 16 by default. */
  readonly size?: number
}

/**
 * Clips of colored shapes that act one after the other, each with a sentence: `a red square moves left, then a blue circle falls`.
 */
export function movingScenes(
  count: number,
  rng: RandomStream,
  { events = 2, size = 16 }: MovingScenesOptions = {},
): SceneClipWithCaption[] {
  checkInteger('movingScenes', 'a count', count, 0)
  checkInteger('movingScenes', 'a number of events', events, 1)
  checkInteger('movingScenes', 'a size', size, 8)
  return Array.from({ length: count }, () => {
    const frames: Float32Array[] = []
    const clauses = Array.from({ length: 1 + rng.integer(events) }, () => drawEvent(frames, size, rng))
    const pixels = new Float32Array(frames.length * size * size * 3)
    for (const [t, frame] of frames.entries()) pixels.set(frame, t * frame.length)
    const target = clauses.join(', then ')
    return { source: { name: target, style: 0, width: size, height: size, pixels }, target }
  })
}

/** Adds the frames of an event; returns its clause. */
function drawEvent(frames: Float32Array[], size: number, rng: RandomStream): string {
  const [shape, test] = rng.pick(SHAPES)
  const [color, rgb] = rng.pick(COLORS)
  const { verb, dx, dy, growth } = rng.pick(EVENTS)
  const [middleX, middleY] = [0.5 + 0.1 * (rng.uniform() - 0.5), 0.5 + 0.1 * (rng.uniform() - 0.5)]
  const numFrames = FRAMES.least + rng.integer(FRAMES.most - FRAMES.least + 1)
  for (let t = 0; t < numFrames; t++) {
    const time = t / (numFrames - 1) - 0.5
    const [x, y, radius] = [middleX + dx * time, middleY + dy * time, RADIUS + growth * time].map((at) => at * size)
    frames.push(drawFrame(size, rng, rgb, (across, down) => test(across - x!, down - y!, radius!)))
  }
  return `a ${color} ${shape} ${verb}`
}

function drawFrame(
  size: number,
  rng: RandomStream,
  rgb: readonly number[],
  isInside: (x: number, y: number) => boolean,
): Float32Array {
  const pixels = new Float32Array(size * size * 3)
  for (let place = 0; place < size * size; place++) {
    const covered = coverage(place % size, Math.floor(place / size), isInside)
    const noise = rng.normal(0, 0.03)
    for (const [channel, value] of rgb.entries()) {
      const drawn = BACKGROUND + covered * (value - BACKGROUND) + noise
      pixels[3 * place + channel] = Math.min(1, Math.max(0, drawn))
    }
  }
  return pixels
}
