import type { RunLogContent } from '@heddle/trainer'
import { lineChart, type Series, thinned } from '../charts/line-chart.ts'
import { type Markup, markup } from '../page/markup.ts'
import { htmlPage } from '../page/page.ts'
import { runDifferences } from './run-differences.ts'

/** A run as it is compared with others. */
export interface ComparedRun {
  readonly name: string
  /** Settings that may differ, nested as in config.json. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Metrics at its end; none for a run that is not finished. */
  readonly metrics: Readonly<Record<string, number>>
  readonly log: RunLogContent
}

/** The runs with what differs from the one before, and all metrics that any of them has: the same for page and terminal. */
export interface Comparison {
  readonly names: readonly string[]
  readonly labels: readonly string[]
  readonly metrics: readonly string[]
  /** Values by run and metric; undefined where a run has none. */
  readonly values: readonly (readonly (number | undefined)[])[]
}

const COLORS = [1, 2, 3, 4, 5, 6, 7, 8] as const
/** Differences that a label names. */
const NAMED = 4

export function comparison(runs: readonly ComparedRun[]): Comparison {
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter((name) => name !== 'examples')
  return {
    names: runs.map(({ name }) => name),
    labels: runs.map(({ settings }, i) => (i === 0 ? 'first run' : labelOf(runs[i - 1]!.settings, settings))),
    metrics,
    values: runs.map((run) => metrics.map((name) => run.metrics[name])),
  }
}

function labelOf(before: unknown, after: unknown): string {
  const differences = runDifferences(before, after)
  if (differences.length === 0) return 'same settings'
  const more = differences.length - NAMED
  return `${differences.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Curves and final metrics of several runs on one page that needs no network. */
export function comparePage(runs: readonly ComparedRun[]): string {
  const table = comparison(runs)
  const series = (points: (run: ComparedRun) => Series['points'], dots: boolean): Series[] =>
    runs
      .map((run, i): Series => ({ name: run.name, color: COLORS[i % COLORS.length]!, points: points(run), dots }))
      .filter((each) => each.points.length > 0)
  const validated = [
    ...new Set(runs.flatMap(({ log }) => log.validations.flatMap(({ metrics }) => Object.keys(metrics)))),
  ]
  const charts = [
    lineChart({
      title: 'Training loss',
      xLabel: 'step',
      series: series(({ log }) => thinned(log.steps.map(({ step, loss }) => [step, loss])), false),
    }),
    ...validated.map((name) =>
      lineChart({
        title: `Validation: ${name}`,
        xLabel: 'step',
        series: series(
          ({ log }) => log.validations.map(({ step, metrics }) => [step, metrics[name] ?? Number.NaN] as const),
          true,
        ),
      }),
    ),
  ].filter(({ text }) => text !== '')
  return htmlPage({
    title: `${runs.length} runs`,
    about: runs.map(({ name }) => name).join(' · '),
    body: [
      markup`<section><h2>Metrics</h2><div class="scroll">${metricTable(table)}</div></section>`,
      markup`<section><h2>Curves</h2><div class="charts">${charts}</div></section>`,
    ],
  })
}

function metricTable({ names, labels, metrics, values }: Comparison): Markup {
  const head = ['run', 'what differs from the one before', ...metrics]
  return markup`<table><thead><tr>${head.map((name) => markup`<th>${name}</th>`)}</tr></thead><tbody>${names.map(
    (name, i) =>
      markup`<tr><td><span class="key"><i class="k${COLORS[i % COLORS.length]!}"></i>${name}</span></td><td>${labels[i]}</td>${values[i]!.map((value) => markup`<td>${short(value)}</td>`)}</tr>`,
  )}</tbody></table>`
}

const short = (value: number | undefined): string => (value === undefined ? '' : `${Number(value.toPrecision(4))}`)

/** The table of metrics as lines of text. */
export function comparisonLines({ names, labels, metrics, values }: Comparison): string[] {
  const rows = [['run', ...metrics, ''], ...names.map((name, i) => [name, ...values[i]!.map(short), labels[i]!])]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  )
}
