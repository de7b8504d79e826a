import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { type Markup, markup } from '../page/markup.ts'

export interface ScatterPoint {
  readonly x: number
  readonly y: number
  /** Number of its group: decides color and shape. */
  readonly group: number
  /** Shown under the pointer. */
  readonly title: string
}

const WIDTH = 480
/** The height follows from the points, within limits. */
const LEAST_HEIGHT = 180
const MOST_HEIGHT = 420
const MARGIN = 14
const RADIUS = 4
/** Colors in the style sheet; with the shapes, 32 groups look different. */
const NUM_COLORS = 8

/** Points as SVG, in one scale for both axes, so that distances are true. Groups differ in color and shape. */
export function scatter(points: readonly ScatterPoint[], label: string): Markup {
  const [xMin = 0, xMax = 0] = extent(points, ({ x }) => x)
  const [yMin = 0, yMax = 0] = extent(points, ({ y }) => y)
  const width = WIDTH - 2 * MARGIN
  const wanted = xMax > xMin ? (width * (yMax - yMin)) / (xMax - xMin) : MOST_HEIGHT
  const height = Math.round(Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, wanted)))
  const perPixel = Math.max((xMax - xMin) / width, (yMax - yMin) / height, 1e-12)
  const around = (low: number, high: number, pixels: number) => {
    const middle = (low + high) / 2
    return [middle - (perPixel * pixels) / 2, middle + (perPixel * pixels) / 2]
  }
  const x = scaleLinear(around(xMin, xMax, width), [MARGIN, WIDTH - MARGIN])
  const y = scaleLinear(around(yMin, yMax, height), [height + MARGIN, MARGIN])
  return markup`<svg class="scatter" viewBox="0 0 ${WIDTH} ${height + 2 * MARGIN}" role="img" aria-label="${label}">${points.map(
    (point) =>
      markup`<path class="g${point.group % NUM_COLORS}" d="${shape(point.group, x(point.x), y(point.y))}"><title>${point.title}</title></path>`,
  )}</svg>`
}

/** The mark of a group for a key. */
export const groupMark = (group: number): Markup =>
  markup`<svg class="scatter" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path class="g${group % NUM_COLORS}" d="${shape(group, 6, 6)}"/></svg>`

/** A circle, a square, a diamond or a triangle, by the number of rounds through the colors. */
function shape(group: number, x: number, y: number): string {
  const r = RADIUS
  const at = (dx: number, dy: number) => `${(x + dx).toFixed(1)} ${(y + dy).toFixed(1)}`
  const polygons = [
    `M${at(-r, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
    `M${at(-r, -r)}h${2 * r}v${2 * r}h${-2 * r}z`,
    `M${at(0, -r - 1)}L${at(r + 1, 0)}L${at(0, r + 1)}L${at(-r - 1, 0)}z`,
    `M${at(0, -r)}L${at(r + 1, r)}L${at(-r - 1, r)}z`,
  ]
  return polygons[Math.floor(group / NUM_COLORS) % polygons.length]!
}
