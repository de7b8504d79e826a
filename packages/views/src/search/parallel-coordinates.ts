import type { Direction, Space, Trial } from '@heddle/search'
import { type Markup, markup } from '../page/markup.ts'
import { metricAxis } from './metric-axis.ts'
import { numberLabel, parameterAxis, valueLabel } from './parameter-axis.ts'

interface ParallelCoordinatesOptions {
  /** Trials with a value, best first. */
  readonly ranked: readonly Trial[]
  /** Parameters in the order of their axes. */
  readonly names: readonly string[]
  readonly space: Space
  readonly metric: string
  readonly direction: Direction
}

const HEIGHT = 330
const MARGIN = { top: 40, right: 74, bottom: 14, left: 74 }
const GAP = 150

/**
 * Each trial as a line across one axis for each parameter and one for the metric, as SVG. The best trial and the best quarter stand
 * out; the values of a trial appear under the pointer.
 */
export function parallelCoordinates({ ranked, names, space, metric, direction }: ParallelCoordinatesOptions): Markup {
  const range = [HEIGHT - MARGIN.bottom, MARGIN.top] as const
  const left = (i: number) => MARGIN.left + i * GAP
  const width = left(names.length) + MARGIN.right
  const axes = names.map((name) => ({ title: lastPart(name), ...parameterAxis(space[name]!, range) }))
  const ofMetric = metricAxis(
    ranked.map(({ value }) => value!),
    direction,
    range,
  )
  const pathOf = ({ parameters, value }: Trial) =>
    [...names.map((name, i) => axes[i]!.place(parameters[name])), ofMetric.place(value!)]
      .map((y, i) => `${i === 0 ? 'M' : 'L'}${left(i)} ${y.toFixed(1)}`)
      .join('')
  const titleOf = (trial: Trial) =>
    [
      `trial ${trial.number}, ${trial.state}: ${metric} ${numberLabel(trial.value!)}`,
      ...names.map((name) => `${name} ${valueLabel(trial.parameters[name])}`),
    ].join('\n')
  const numGood = Math.max(1, Math.ceil(ranked.length / 4))
  const kindOf = (rank: number) => (rank === 0 ? 'best' : rank < numGood ? 'good' : 'other')
  // The best ones last, above the others.
  const lines = ranked.map((trial, rank) => ({ trial, kind: kindOf(rank) })).reverse()
  return markup`<figure class="chart">
<figcaption>Trials<span class="key"><i class="k2"></i>best</span><span class="key"><i class="k1"></i>best quarter</span><span class="key"><i class="k0"></i>others</span></figcaption>
<div class="scroll"><svg class="parallel" viewBox="0 0 ${width} ${HEIGHT}" style="min-width: ${Math.round(0.8 * width)}px; max-width: ${Math.round(1.25 * width)}px" role="img" aria-label="Trials as lines across their parameters">
${lines.map(({ trial, kind }) => markup`<path class="${kind}" d="${pathOf(trial)}"><title>${titleOf(trial)}</title></path>`)}
${[...axes, { title: metric, ...ofMetric }].map(({ title, ticks }, i) => markup`<g class="axis"><line x1="${left(i)}" x2="${left(i)}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}"/><text class="name" x="${left(i)}" y="20" text-anchor="middle">${title}</text>${ticks.map(({ at, label }) => markup`<line x1="${left(i) - 4}" x2="${left(i)}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text x="${left(i) - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text>`)}</g>`)}
</svg></div></figure>`
}

const lastPart = (path: string): string => path.split('.').at(-1)!
