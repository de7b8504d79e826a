import { extent } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'
import { curveLinear, curveMonotoneX, line } from 'd3-shape'
import { type Markup, markup } from './markup.ts'

export interface Series {
  readonly name: string
  /** The number of the colour in the style sheet, from 1. */
  readonly color: 1 | 2 | 3
  readonly points: readonly (readonly [x: number, y: number])[]
  /** Drawn as dots too: for few points. */
  readonly dots?: boolean
}

export interface LineChartOptions {
  readonly title: string
  readonly xLabel: string
  readonly series: readonly Series[]
  readonly logY?: boolean
  readonly format?: (y: number) => string
  readonly formatX?: (x: number) => string
}

const WIDTH = 640
const HEIGHT = 260
const MARGIN = { top: 12, right: 16, bottom: 34, left: 54 }
/** Strips that show the values under the pointer. */
const TOOLTIPS = 80

/** A line chart as SVG; values appear under the pointer without any script. */
export function lineChart({
  title,
  xLabel,
  series,
  logY = false,
  format = short,
  formatX = plain,
}: LineChartOptions): Markup {
  const points = series.flatMap((each) => each.points).filter(([, y]) => Number.isFinite(y) && (!logY || y > 0))
  if (points.length === 0) return markup``
  const [xMin = 0, xMax = 1] = extent(points, ([x]) => x)
  const [yMin = 0, yMax = 1] = extent(points, ([, y]) => y)
  const x = scaleLinear([xMin, Math.max(xMax, xMin + 1)], [MARGIN.left, WIDTH - MARGIN.right])
  const range = [HEIGHT - MARGIN.bottom, MARGIN.top]
  const y = logY
    ? scaleLog([yMin, Math.max(yMax, yMin * 1.001)], range)
    : scaleLinear([Math.min(0, yMin), yMax > 0 ? yMax : 1], range).nice()
  const ticks = logY ? logTicks(y.ticks(5)) : y.ticks(5)
  const xTicks = x.ticks(6)
  // Long labels, such as dates, take more room than numbers.
  const longest = Math.max(...xTicks.map((tick) => formatX(tick).length))
  const shown = xTicks.filter((_, i) => i % Math.ceil(longest / 10) === 0)
  const path = line<readonly [number, number]>(
    (d) => x(d[0]),
    (d) => y(d[1]),
  ).defined(([, value]) => Number.isFinite(value) && (!logY || value > 0))
  return markup`<figure class="chart">
<figcaption>${title}${series.map(({ name, color }) => markup`<span class="key"><i class="k${color}"></i>${name}</span>`)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${ticks.map((tick) => markup`<g class="tick"><line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/><text x="${MARGIN.left - 8}" y="${px(y(tick) + 4)}" text-anchor="end">${format(tick)}</text></g>`)}
${shown.map((tick) => markup`<text class="label" x="${px(x(tick))}" y="${HEIGHT - MARGIN.bottom + 17}" text-anchor="middle">${formatX(tick)}</text>`)}
<text class="label" x="${WIDTH - MARGIN.right}" y="${HEIGHT - 4}" text-anchor="end">${xLabel}</text>
${series.map(({ points, color, dots }) => markup`<path class="line s${color}" d="${path.curve(dots ? curveMonotoneX : curveLinear)([...points]) ?? ''}"/>${dots && points.map(([px_, py]) => markup`<circle class="dot f${color}" r="3.5" cx="${px(x(px_))}" cy="${px(y(py))}"/>`)}`)}
${tooltips(series, x, (at) => `${xLabel} ${formatX(at)}`.trim(), format)}
</svg></figure>`
}

/** The powers of ten; where the range has fewer than two, the digits between. */
function logTicks(ticks: readonly number[]): readonly number[] {
  const powers = ticks.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9)
  return powers.length >= 2 ? powers : ticks.filter((_, i) => i % Math.ceil(ticks.length / 6) === 0)
}

/** Invisible strips whose <title> tells the values nearest to them. */
function tooltips(
  series: readonly Series[],
  x: { (value: number): number; invert(position: number): number },
  place: (x: number) => string,
  format: (y: number) => string,
): Markup[] {
  const width = (WIDTH - MARGIN.left - MARGIN.right) / TOOLTIPS
  return Array.from({ length: TOOLTIPS }, (_, i) => {
    const left = MARGIN.left + i * width
    const at = x.invert(left + width / 2)
    const values = series.flatMap(({ name, points }) => {
      const known = points.filter(([, value]) => Number.isFinite(value))
      const nearest = known.reduce<readonly [number, number] | undefined>(
        (best, point) => (best === undefined || Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best),
        undefined,
      )
      return nearest === undefined ? [] : [`${name} ${format(nearest[1])} (${place(nearest[0])})`]
    })
    return markup`<rect class="hover" x="${px(left)}" y="${MARGIN.top}" width="${px(width)}" height="${HEIGHT - MARGIN.top - MARGIN.bottom}"><title>${values.join('\n')}</title></rect>`
  })
}

/** The means of at most `count` runs of neighbouring points: a line that a page can carry. */
export function thinned(points: readonly (readonly [number, number])[], count = 240): [number, number][] {
  const size = Math.max(1, Math.ceil(points.length / count))
  const result: [number, number][] = []
  for (let at = 0; at < points.length; at += size) {
    const part = points.slice(at, at + size)
    result.push([part.at(-1)![0], part.reduce((sum, [, y]) => sum + y, 0) / part.length])
  }
  return result
}

const plain = (value: number) => value.toLocaleString('en')
const px = (value: number) => value.toFixed(1)
const short = (value: number) =>
  value === 0 ? '0' : Math.abs(value) < 0.01 ? value.toExponential(0) : String(Number(value.toPrecision(3)))
