import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { type Markup, markup } from '../page/markup.ts'

/** A histogram: bars of equal width between two borders. */
export interface Ridge {
  readonly from: number
  readonly to: number
  readonly counts: readonly number[]
  /** Name, such as the step. */
  readonly label: string
  /** Text under the pointer. */
  readonly detail: string
}

export interface RidgeChartOptions {
  readonly title: string
  /** From the back to the front. */
  readonly ridges: readonly Ridge[]
  readonly color: 1 | 2
  readonly formatX?: (x: number) => string
}

const WIDTH = 340
const LEFT = 8
const RIGHT = 44
/** Height of the highest ridge, and distance between two. */
const PEAK = 42
const STEP = 13
const BOTTOM = 22
const TICKS = 4

/** Histograms one before the other, each as high as its share of values in a stretch of the axis. */
export function ridgeChart({ title, ridges, color, formatX = String }: RidgeChartOptions): Markup {
  const drawn = ridges.filter(({ counts }) => counts.length > 0)
  if (drawn.length === 0) return markup``
  const [low = 0, high = 1] = extent(drawn.flatMap(({ from, to }) => [from, to]))
  const room = high > low ? 0 : Math.abs(low) / 10 || 1
  const x = scaleLinear([low - room, high + room], [LEFT, WIDTH - RIGHT])
  const densities = drawn.map((ridge) => densityOf(ridge, high - low + 2 * room))
  const most = Math.max(...densities.flat())
  const height = PEAK + STEP * (drawn.length - 1) + BOTTOM
  const paths = drawn.map(({ from, to, counts, label, detail }, i) => {
    const base = PEAK + STEP * i
    const width = (x(to) - x(from)) / counts.length
    const points = densities[i]!.map(
      (density, bar) => `${px(x(from) + (bar + 0.5) * width)} ${px(base - (PEAK * density) / most)}`,
    )
    const line = `M${px(x(from))} ${base}L${points.join('L')}L${px(x(to))} ${base}`
    return markup`<path class="ridge f${color} s${color}" d="${line}"><title>${label}: ${detail}</title></path>${(i === 0 || i === drawn.length - 1) && markup`<text x="${WIDTH - RIGHT + 6}" y="${base + 4}">${label}</text>`}`
  })
  const base = height - BOTTOM
  return markup`<svg class="ridges" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${paths}<line class="base" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base}" y2="${base}"/>${x.ticks(TICKS).map((tick) => markup`<text x="${px(x(tick))}" y="${height - 6}" text-anchor="middle">${formatX(tick)}</text>`)}</svg>`
}

/** Share of the values by width of the axis. Values that are all alike have no width, and are drawn as one peak. */
function densityOf({ from, to, counts }: Ridge, span: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const width = (to - from) / counts.length || span / 30
  return counts.map((count) => count / Math.max(1, total) / width)
}

const px = (value: number) => value.toFixed(1)
