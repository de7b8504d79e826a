import { type Color, Drawing } from './drawing.ts'

const WIDTH = 320
const HEIGHT = 120
const MARGIN = 8
/** Thickness of a line in pixels. */
const LINE = 2
const WHITE: Color = [255, 255, 255]
const RULE: Color = [222, 222, 222]

export interface DrawnLine {
  readonly color: Color
  /** With x in ascending order; values that are not finite leave a gap. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

/**
 * Lines over a common x axis as a PNG file, from the smallest to the largest value; later lines cover earlier ones.
 *
 * @param rule place on the x axis that a vertical line marks
 */
export function linePicture(lines: readonly DrawnLine[], rule?: number): ReturnType<Drawing['picture']> {
  const drawing = new Drawing({ width: WIDTH, height: HEIGHT }, WHITE)
  const points = lines.flatMap((each) => each.points).filter(([, y]) => Number.isFinite(y))
  const x = scale(
    points.map(([x]) => x),
    [MARGIN, WIDTH - 1 - MARGIN],
  )
  const y = scale(
    points.map(([, y]) => y),
    [HEIGHT - 1 - MARGIN, MARGIN],
  )
  if (rule !== undefined) drawing.fill(Math.round(x(rule)), 0, { width: 1, height: HEIGHT }, RULE)
  for (const { color, points } of lines) {
    for (const [i, [x1, y1]] of points.entries()) {
      const [x0, y0] = points[i - 1] ?? [x1, y1]
      if (Number.isFinite(y0) && Number.isFinite(y1)) stroke(drawing, [x(x0), y(y0)], [x(x1), y(y1)], color)
    }
  }
  return drawing.picture()
}

/** A line from left to right, a column of pixels after the other, each as high as the line rises in it. */
function stroke(
  drawing: Drawing,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
  color: Color,
) {
  const slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0
  const last = Math.round(x1)
  for (let column = Math.round(x0); column <= last; column++) {
    const at = (x: number) => y0 + slope * (Math.min(x1, Math.max(x0, x)) - x0)
    const [from, to] = [at(column - 0.5), at(column + 0.5)]
    const top = Math.round(Math.min(from, to) - LINE / 2)
    drawing.fill(column, top, { width: 1, height: LINE + Math.round(Math.abs(to - from)) }, color)
  }
}

/** Maps the values onto a range; a single value lies in its middle. */
function scale(values: readonly number[], [first, last]: readonly [number, number]): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return (value) => (high > low ? first + ((value - low) / (high - low)) * (last - first) : (first + last) / 2)
}
