import type { RandomStream } from '@heddle/core'

/** Width and height of a scene in pixels. */
export const SCENE_SIZE = 24
/** Samples per pixel in each direction. */
const SAMPLES = 2

const COLORS: readonly (readonly [name: string, rgb: readonly [number, number, number]])[] = [
  ['red', [0.86, 0.12, 0.12]],
  ['green', [0.1, 0.62, 0.2]],
  ['blue', [0.12, 0.28, 0.85]],
  ['yellow', [0.96, 0.82, 0.1]],
  ['purple', [0.55, 0.18, 0.65]],
  ['orange', [0.98, 0.52, 0.08]],
  ['gray', [0.5, 0.5, 0.5]],
]

/** Signed distances from the border of shapes of radius 1, negative inside. */
const SHAPES: readonly (readonly [name: string, distance: (x: number, y: number) => number])[] = [
  ['circle', (x, y) => Math.hypot(x, y) - 1],
  ['ring', (x, y) => Math.abs(Math.hypot(x, y) - 0.72) - 0.28],
  ['square', (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.88],
  ['diamond', (x, y) => (Math.abs(x) + Math.abs(y) - 1.15) * Math.SQRT1_2],
  ['triangle', (x, y) => Math.max(0.89 * Math.abs(x) - 0.45 * y - 0.42, y - 0.8)],
  ['cross', (x, y) => Math.max(Math.min(Math.abs(x), Math.abs(y)) - 0.32, Math.max(Math.abs(x), Math.abs(y)) - 1)],
]

/** Number of drawing styles: filled, pale with a dark outline, striped. */
export const NUM_STYLES = 3

/** A color picture in one of several drawing styles. */
export interface ScenePicture {
  readonly name: string
  /** Drawing style, counted from 0. */
  readonly style: number
  readonly width: number
  readonly height: number
  /** RGB, row by row, from 0 to 1. [height, width, 3] */
  readonly pixels: Float32Array<ArrayBuffer>
}

/** A picture with its caption. */
export interface SceneWithCaption {
  readonly source: ScenePicture
  readonly target: string
}

interface Thing {
  readonly words: string
  readonly rgb: readonly [number, number, number]
  readonly distance: (x: number, y: number) => number
  readonly radius: number
  readonly x: number
  readonly y: number
}

function drawThing(rng: RandomStream, x: number, y: number, single: boolean): Thing {
  const [color, rgb] = rng.pick(COLORS)
  const [shape, distance] = rng.pick(SHAPES)
  const isLarge = rng.uniform() < 0.5
  const radius = (isLarge ? 5.2 : 3) * (single ? 1.3 : 1) * (0.94 + 0.12 * rng.uniform())
  const about = () => 1.2 * (2 * rng.uniform() - 1)
  return {
    words: `a ${isLarge ? 'large' : 'small'} ${color} ${shape}`,
    rgb,
    distance,
    radius,
    x: x + about(),
    y: y + about(),
  }
}

/**
 * A picture of one or two things with its caption, such as `a small red ring above a large blue square`.
 *
 * @param style from 0 to {@link NUM_STYLES} - 1
 */
export function drawScene(style: number, rng: RandomStream): SceneWithCaption {
  const [middle, low, high] = [SCENE_SIZE / 2, SCENE_SIZE / 4 + 0.2, (3 * SCENE_SIZE) / 4 - 0.2]
  const layout = rng.integer(3)
  const things =
    layout === 0
      ? [drawThing(rng, middle, middle, true)]
      : layout === 1
        ? [drawThing(rng, middle, low, false), drawThing(rng, middle, high, false)]
        : [drawThing(rng, low, middle, false), drawThing(rng, high, middle, false)]
  const target = things.map(({ words }) => words).join(layout === 1 ? ' above ' : ' left of ')
  const pixels = new Float32Array(SCENE_SIZE * SCENE_SIZE * 3)
  const stripes = 2 * Math.PI * rng.uniform()
  for (let y = 0; y < SCENE_SIZE; y++) {
    for (let x = 0; x < SCENE_SIZE; x++) {
      for (let i = 0; i < SAMPLES ** 2; i++) {
        const [atX, atY] = [x + ((i % SAMPLES) + 0.5) / SAMPLES, y + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES]
        const color = colorAt(things, atX, atY, style, stripes)
        for (let c = 0; c < 3; c++) pixels[(y * SCENE_SIZE + x) * 3 + c]! += color[c]! / SAMPLES ** 2
      }
    }
  }
  return { source: { name: target, style, width: SCENE_SIZE, height: SCENE_SIZE, pixels }, target }
}

const WHITE = [1, 1, 1] as const

function colorAt(things: readonly Thing[], x: number, y: number, style: number, stripes: number): readonly number[] {
  for (const { rgb, distance, radius, x: centerX, y: centerY } of things) {
    const depth = -radius * distance((x - centerX) / radius, (y - centerY) / radius)
    if (depth < 0) continue
    if (style === 0) return rgb
    if (style === 1) return depth < 0.9 ? rgb.map((value) => 0.35 * value) : rgb.map((value) => 0.75 * value + 0.25)
    // Stripes of one and a half pixels, with a closed border that keeps the shape connected.
    const isDark = depth < 0.8 || Math.sin(2.1 * (x + y) + stripes) > -0.35
    return isDark ? rgb : rgb.map((value) => 0.4 * value + 0.6)
  }
  return WHITE
}
