import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { curveLinear, curveMonotoneX, line } from 'd3-shape'
import { type Markup, markup } from '../page/markup.ts'
import { type AxisKind, type ValueAxis, valueAxis } from './value-axis.ts'

type Point = readonly [x: number, y: number]

export interface Series {
  readonly name: string
  /** Number of the color in the style sheet. */
  readonly color: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
  readonly points: readonly Point[]
  /** Draws dots too, for few points. */
  readonly dots?: boolean
}

export interface LineChartOptions {
  readonly title: string
  readonly xLabel: string
  readonly series: readonly Series[]
  /** Default 'linear'. */
  readonly scale?: AxisKind
  readonly formatX?: (x: number) => string
  /** Places on the x axis that are marked by a dashed line with its name, within the range of the points. */
  readonly marks?: readonly Mark[]
}

/** A marked place on the x axis. */
interface Mark {
  readonly x: number
  readonly name: string
}

const WIDTH = 640
const HEIGHT = 260
const MARGIN = { top: 12, right: 16, bottom: 34, left: 58 }
/** Number of strips that show the values under the pointer. */
const TOOLTIPS = 80
/** Characters of a label on the x axis that fit between two ticks. */
const LABEL = 10

/** A line chart as SVG. The values under the pointer appear without a script. A series of one point is a dot. */
export function lineChart({
  title,
  xLabel,
  series,
  scale = 'linear',
  formatX = (x) => x.toLocaleString('en'),
  marks = [],
}: LineChartOptions): Markup {
  const isDrawn = ([, y]: Point) => Number.isFinite(y) && (scale !== 'log' || y > 0)
  const points = series.flatMap((each) => each.points).filter(isDrawn)
  if (points.length === 0) return markup``
  const [xMin = 0, xMax = 1] = extent(points, ([x]) => x)
  const isOne = xMin === xMax
  const x = scaleLinear(isOne ? [xMin - 1, xMin + 1] : [xMin, xMax], [MARGIN.left, WIDTH - MARGIN.right])
  const axis = valueAxis(
    scale,
    points.map(([, y]) => y),
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  )
  const path = line<Point>(
    (d) => x(d[0]),
    (d) => axis.place(d[1]),
  ).defined(isDrawn)
  const dotsOf = ({ points, dots, color }: Series) => {
    const drawn = points.filter(isDrawn)
    if (!dots && drawn.length > 1) return []
    return drawn.map(
      ([at, y]) => markup`<circle class="dot f${color}" r="3.5" cx="${px(x(at))}" cy="${px(axis.place(y))}"/>`,
    )
  }
  const xTicks = isOne ? [xMin] : spaced(x.ticks(6), formatX)
  return markup`<figure class="chart">
<figcaption>${title}${series.map(({ name, color }) => markup`<span class="key"><i class="k${color}"></i>${name}</span>`)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${axis.ticks.map((tick, i) => markup`<g class="tick"><line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${px(axis.place(tick))}" y2="${px(axis.place(tick))}"/><text x="${MARGIN.left - 8}" y="${px(axis.place(tick) + 4)}" text-anchor="end">${axis.labels[i]}</text></g>`)}
${xTicks.map((tick) => markup`<text class="label" x="${px(x(tick))}" y="${HEIGHT - MARGIN.bottom + 17}" text-anchor="middle">${formatX(tick)}</text>`)}
<text class="label" x="${WIDTH - MARGIN.right}" y="${HEIGHT - 4}" text-anchor="end">${xLabel}</text>
${series.map((each) => markup`<path class="line s${each.color}" d="${path.curve(each.dots ? curveMonotoneX : curveLinear)([...each.points]) ?? ''}"/>${dotsOf(each)}`)}
${marks.filter((mark) => mark.x >= xMin && mark.x <= xMax).map((mark) => markOf(mark, x(mark.x)))}
${tooltips(series, x, (at) => `${xLabel} ${formatX(at)}`.trim(), axis)}
</svg></figure>`
}

/** A dashed line over the whole height, with its name beside it, on the side where there is room. */
function markOf({ name }: Mark, at: number): Markup {
  const isRight = at > WIDTH / 2
  return markup`<g class="mark"><line x1="${px(at)}" x2="${px(at)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/><text class="label" x="${px(at + (isRight ? -6 : 6))}" y="${MARGIN.top + 10}" text-anchor="${isRight ? 'end' : 'start'}">${name}</text></g>`
}

/** Fewer ticks where their labels are long, such as dates. */
function spaced(ticks: readonly number[], format: (x: number) => string): readonly number[] {
  const longest = Math.max(...ticks.map((tick) => format(tick).length))
  return ticks.filter((_, i) => i % Math.ceil(longest / LABEL) === 0)
}

/** Invisible strips whose <title> tells the values nearest to them. */
function tooltips(
  series: readonly Series[],
  x: { (value: number): number; invert(position: number): number },
  place: (x: number) => string,
  { format }: ValueAxis,
): Markup[] {
  const width = (WIDTH - MARGIN.left - MARGIN.right) / TOOLTIPS
  return Array.from({ length: TOOLTIPS }, (_, i) => {
    const left = MARGIN.left + i * width
    const at = x.invert(left + width / 2)
    const values = series.flatMap(({ name, points }) => {
      const known = points.filter(([, value]) => Number.isFinite(value))
      const nearest = known.reduce<Point | undefined>(
        (best, point) => (best === undefined || Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best),
        undefined,
      )
      return nearest === undefined ? [] : [`${name} ${format(nearest[1])} (${place(nearest[0])})`]
    })
    return markup`<rect class="hover" x="${px(left)}" y="${MARGIN.top}" width="${px(width)}" height="${HEIGHT - MARGIN.top - MARGIN.bottom}"><title>${values.join('\n')}</title></rect>`
  })
}

/** Means of at most `count` runs of neighboring points, each at the last x of its run. */
export function thinned(points: readonly Point[], count = 240): [number, number][] {
  const size = Math.max(1, Math.ceil(points.length / count))
  const result: [number, number][] = []
  for (let at = 0; at < points.length; at += size) {
    const part = points.slice(at, at + size)
    result.push([part.at(-1)![0], part.reduce((sum, [, y]) => sum + y, 0) / part.length])
  }
  return result
}

const px = (value: number) => value.toFixed(1)
