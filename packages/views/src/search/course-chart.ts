import type { Direction, Trial } from '@heddle/search'
import { type Markup, markup } from '../page/markup.ts'
import { metricAxis } from './metric-axis.ts'

const WIDTH = 480
const HEIGHT = 260
const MARGIN = { top: 12, right: 20, bottom: 40, left: 62 }

/** The reports of all trials over their steps, as SVG; the best trial stands out. */
export function curvesChart(ranked: readonly Trial[], metric: string, direction: Direction): Markup {
  const points = ranked.flatMap(({ reports }) => reports)
  const last = Math.max(1, ...points.map(({ step }) => step))
  const left = (step: number) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * step) / last
  const y = metricAxis(
    points.map(({ value }) => value),
    direction,
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  )
  const path = ({ reports }: Trial) =>
    reports
      .map(({ step, value }, i) => `${i === 0 ? 'M' : 'L'}${left(step).toFixed(1)} ${y.place(value).toFixed(1)}`)
      .join('')
  const end = ({ reports, state }: Trial, isBest: boolean) => {
    const { step, value } = reports.at(-1)!
    return markup`<circle class="${isBest ? 'best' : state}" r="3.5" cx="${left(step).toFixed(1)}" cy="${y.place(value).toFixed(1)}"/>`
  }
  const drawn = ranked
    .map((trial, rank) => ({ trial, isBest: rank === 0 }))
    .filter(({ trial }) => trial.reports.length > 0)
  return frame(
    markup`Validations<span class="key"><i class="k2"></i>best trial</span>`,
    `${metric} of each trial over its steps`,
    y,
    [0, last / 2, last].map((step) => ({ at: left(step), label: Math.round(step).toLocaleString('en') })),
    'step',
    drawn
      .reverse()
      .map(
        ({ trial, isBest }) =>
          markup`<g class="${isBest ? 'best' : 'other'}"><path d="${path(trial)}"><title>trial ${trial.number}</title></path>${end(trial, isBest)}</g>`,
      ),
  )
}

/** The value of each trial by its number, and the best so far, as SVG. */
export function courseChart(trials: readonly Trial[], metric: string, direction: Direction): Markup {
  const valued = trials.filter(({ value }) => value !== undefined && !Number.isNaN(value))
  const y = metricAxis(
    valued.map(({ value }) => value!),
    direction,
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  )
  const last = Math.max(1, trials.length - 1)
  const left = (number: number) => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * number) / last
  let best: number | undefined
  const steps = valued
    .filter(({ state }) => state === 'complete')
    .flatMap(({ number, value }) => {
      const isBetter = best === undefined || (direction === 'minimize' ? value! < best : value! > best)
      if (!isBetter) return []
      const from = best === undefined ? `M${left(number).toFixed(1)} ` : `H${left(number).toFixed(1)}V`
      best = value!
      return [`${from}${y.place(best).toFixed(1)}`]
    })
  return frame(
    markup`Course<span class="key"><i class="k2"></i>best so far</span>`,
    `${metric} of each trial by its number`,
    y,
    [0, Math.round(last / 2), last].map((number) => ({ at: left(number), label: String(number) })),
    'trial',
    [
      ...valued.map(
        ({ number, value, state }) =>
          markup`<circle class="${state}" r="4" cx="${left(number).toFixed(1)}" cy="${y.place(value!).toFixed(1)}"><title>trial ${number}, ${state}</title></circle>`,
      ),
      steps.length > 0 && markup`<path class="line s2" d="${steps.join('')}H${(WIDTH - MARGIN.right).toFixed(1)}"/>`,
    ],
  )
}

interface Tick {
  readonly at: number
  readonly label: string
}

function frame(
  caption: Markup,
  label: string,
  y: { readonly ticks: readonly Tick[] },
  xTicks: readonly Tick[],
  xLabel: string,
  content: readonly (Markup | false)[],
): Markup {
  return markup`<figure class="chart effect">
<figcaption>${caption}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${y.ticks.map(({ at, label }) => markup`<g class="tick"><line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text x="${MARGIN.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text></g>`)}
${xTicks.map(({ at, label }) => markup`<text x="${at.toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 17}" text-anchor="middle">${label}</text>`)}
<text x="${WIDTH - MARGIN.right}" y="${HEIGHT - 6}" text-anchor="end">${xLabel}</text>
${content}
</svg></figure>`
}
