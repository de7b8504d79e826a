import type { Direction, ParameterEffect, Space, Trial } from '@heddle/search'
import { type Markup, markup } from '../page/markup.ts'
import { htmlPage } from '../page/page.ts'
import { formatDuration } from '../text/format.ts'
import { courseChart, curvesChart } from './course-chart.ts'
import { effectChart } from './effect-chart.ts'
import { parallelCoordinates } from './parallel-coordinates.ts'
import { numberLabel, valueLabel } from './parameter-axis.ts'

/** Content of the page of a search. */
export interface SearchPageContent {
  readonly recipe: string
  readonly seed: number
  readonly method: { readonly type: string }
  readonly pruner: { readonly type: string }
  readonly metric: string
  readonly direction: Direction
  readonly space: Space
  readonly trials: readonly Trial[]
  /** Largest first. */
  readonly effects: readonly ParameterEffect[]
}

/** Trials as a page that needs no network: parallel coordinates, the effect of each parameter, the course of the search, a table. */
export function searchPage(content: SearchPageContent): string {
  const { recipe, seed, method, pruner, metric, direction, space, trials, effects } = content
  const ranked = rankedTrials(trials, direction)
  const names = Object.keys(space)
  const [best] = ranked
  const seconds = trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0)
  const charts =
    best === undefined
      ? markup`<section class="note"><p>No trial has a value.</p></section>`
      : markup`<section>${parallelCoordinates({ ranked, names, space, metric, direction })}</section>
<section><h2>Effect of each parameter</h2><p class="about">The share of the trials' ranks that the parameter explains alone. Hollow dots are trials that were stopped early.</p><div class="charts">${effects.map((effect) => effectChart({ effect, ranked, metric, direction }))}</div></section>
<section><h2>Search</h2><div class="charts">${courseChart(trials, metric, direction)}${curvesChart(ranked, metric, direction)}</div></section>`
  return htmlPage({
    title: `Search: ${recipe}, seed ${seed}`,
    about: `${method.type}${pruner.type === 'none' ? '' : `, pruner ${pruner.type}`} · ${metric}, ${direction === 'minimize' ? 'less' : 'more'} is better · ${formatDuration(1000 * seconds)} of training`,
    body: [tiles(trials, best, metric), charts, trialTable(ranked, trials, names, metric)],
  })
}

/** Trials with a value that is a number: complete ones before pruned ones, best first. */
function rankedTrials(trials: readonly Trial[], direction: Direction): Trial[] {
  const sign = direction === 'minimize' ? 1 : -1
  return trials
    .filter(({ state, value }) => state !== 'failed' && value !== undefined && !Number.isNaN(value))
    .sort((a, b) => Number(a.state === 'pruned') - Number(b.state === 'pruned') || sign * (a.value! - b.value!))
}

function tiles(trials: readonly Trial[], best: Trial | undefined, metric: string): Markup {
  const count = (state: Trial['state']) => trials.filter((trial) => trial.state === state).length
  const shown: readonly (readonly [string, string, string])[] = [
    ...(best === undefined ? [] : [[numberLabel(best.value!), `best ${metric}`, `trial ${best.number}`] as const]),
    [
      String(trials.length),
      'trials',
      `${count('complete')} complete, ${count('pruned')} stopped early, ${count('failed')} failed`,
    ],
  ]
  return markup`<div class="tiles">${shown.map(([value, name, more], i) => markup`<div class="tile${i === 0 && best !== undefined && ' main'}"><b>${value}</b><span class="name">${name}</span><span>${more}</span></div>`)}</div>`
}

function trialTable(
  ranked: readonly Trial[],
  trials: readonly Trial[],
  names: readonly string[],
  metric: string,
): Markup {
  const others = trials.filter((trial) => !ranked.includes(trial))
  const row = ({ number, state, value, reports, parameters, seconds, error }: Trial) =>
    markup`<tr><td>${number}</td><td class="${state === 'failed' && 'no'}">${state}</td><td>${value === undefined ? '–' : numberLabel(value)}</td><td>${reports.at(-1)?.step ?? '–'}</td><td>${seconds === undefined ? '–' : formatDuration(1000 * seconds)}</td>${names.map((name) => markup`<td>${valueLabel(parameters[name])}</td>`)}<td class="words">${error}</td></tr>`
  const failed = others.some(({ error }) => error !== undefined)
  return markup`<section><h2>Trials</h2><div class="scroll"><table class="numbers"><thead><tr><th>trial</th><th>state</th><th>${metric}</th><th>steps</th><th>time</th>${names.map((name) => markup`<th>${name}</th>`)}<th>${failed && 'error'}</th></tr></thead><tbody>${[...ranked, ...others].map(row)}</tbody></table></div></section>`
}
