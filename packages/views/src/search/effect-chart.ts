import type { Direction, ParameterEffect, Trial } from '@heddle/search'
import { type Markup, markup } from '../page/markup.ts'
import { metricAxis } from './metric-axis.ts'
import { numberLabel, parameterAxis, valueLabel } from './parameter-axis.ts'

const WIDTH = 480
const HEIGHT = 240
const MARGIN = { top: 12, right: 20, bottom: 36, left: 62 }

interface EffectChartOptions {
  readonly effect: ParameterEffect
  /** Trials with a value, best first. */
  readonly ranked: readonly Trial[]
  readonly metric: string
  readonly direction: Direction
}

/** The metric of each trial over one parameter, as SVG. */
export function effectChart({ effect, ranked, metric, direction }: EffectChartOptions): Markup {
  const { name, parameter, share } = effect
  const x = parameterAxis(parameter, [MARGIN.left, WIDTH - MARGIN.right])
  const y = metricAxis(
    ranked.map(({ value }) => value!),
    direction,
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  )
  // Trials of one choice lie beside each other, in the order of their numbers.
  const spread =
    parameter.type === 'choice' ? Math.min(36, (WIDTH - MARGIN.left - MARGIN.right) / parameter.values.length / 3) : 0
  const shift = (number: number) => spread * (2 * ((number * GOLDEN) % 1) - 1)
  const dot = (trial: Trial, rank: number) =>
    markup`<circle class="${rank === 0 ? 'best' : trial.state}" r="${rank === 0 ? 5.5 : 4}" cx="${(x.place(trial.parameters[name]) + shift(trial.number)).toFixed(1)}" cy="${y.place(trial.value!).toFixed(1)}"><title>${`trial ${trial.number}, ${trial.state}: ${metric} ${numberLabel(trial.value!)}\n${name} ${valueLabel(trial.parameters[name])}`}</title></circle>`
  const explained = share === undefined ? 'too few trials to tell' : `explains ${Math.round(100 * share)} %`
  return markup`<figure class="chart effect">
<figcaption>${name}<span class="key">${explained}</span></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${metric} over ${name}">
${y.ticks.map(({ at, label }) => markup`<g class="tick"><line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text x="${MARGIN.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text></g>`)}
${x.ticks.map(({ at, label }) => markup`<text x="${at.toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 19}" text-anchor="middle">${label}</text>`)}
${ranked.map(dot).reverse()}
</svg></figure>`
}

/** Its multiples fill an interval evenly. */
const GOLDEN = (Math.sqrt(5) - 1) / 2
