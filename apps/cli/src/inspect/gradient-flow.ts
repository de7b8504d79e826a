import type { Module } from '@heddle/layers'
import { type GradientCurve, type GradientFlowStudy, gradientFlowStudy } from '@heddle/recipes'
import type { Output } from '../output.ts'
import { lineChart, type Series } from '../report/line-chart.ts'
import { type Markup, markup } from '../report/markup.ts'
import { insidePage } from './page.ts'
import type { Shown } from './shown.ts'
import { sparkline } from './sparkline.ts'

/** Anything below is drawn as if it were this: so little is nothing. */
const FLOOR = 1e-12
/** How far back the share that is left is told. */
const BACK = [10, 25]
/** Columns of a number in the table. */
const WIDTH = 9

/** `heddle inspect --gradient-flow`: how far back the gradient reaches in the run's cell, compared with others. */
export async function showGradientFlow(
  name: string,
  model: Module,
  options: { readonly cell?: string | undefined },
  output: Output,
): Promise<Shown> {
  const study = await gradientFlowStudy(model, options.cell === undefined ? {} : { cell: options.cell })
  const { curves } = study
  output.heading(`Gradient flow in ${study.cell}: ‖∂L/∂state_t‖ by step, as a share of the last step's`)
  const label = Math.max(...curves.map((curve) => curve.name.length))
  const heads = ['per step', ...BACK.map((back) => `${back} back`), 'radius'].map((head) => head.padStart(WIDTH))
  const room = Math.max(10, output.columns - label - heads.join(' ').length - 6)
  output.line(`  ${' '.repeat(label)} ${heads.join(' ')}   first step … last`)
  const logs = curves.map(({ flow }) => flow.map((value) => Math.log10(Math.max(FLOOR, value))))
  const range = { from: Math.log10(FLOOR), to: Math.max(0, ...logs.flat()) }
  for (const [i, curve] of curves.entries()) {
    const row = cellsOf(curve).map((text) => text.padStart(WIDTH))
    output.line(`  ${curve.name.padEnd(label)} ${row.join(' ')}   ${sparkline(sampled(logs[i]!, room), range)}`)
  }
  output.line(`  Bars are logarithmic, from ${FLOOR} and less to ${share(10 ** range.to)}.`)
  return { file: 'gradient-flow.html', html: gradientFlowPage(name, study), json: study }
}

/** At most `room` of the values, evenly spread, the first and the last among them. */
const sampled = (values: readonly number[], room: number): number[] => {
  const count = Math.min(room, values.length)
  return Array.from(
    { length: count },
    (_, i) => values[Math.round((i * (values.length - 1)) / Math.max(1, count - 1))]!,
  )
}

const cellsOf = ({ perStep, flow, spectralRadius }: GradientCurve): string[] => [
  `× ${perStep.toFixed(3)}`,
  ...BACK.map((back) => share(flow.at(-1 - back))),
  spectralRadius === undefined ? '' : spectralRadius.toFixed(2),
]

const share = (value: number | undefined) =>
  value === undefined ? '' : value >= 0.01 && value < 1000 ? value.toPrecision(2) : value.toExponential(0)

/** A page with the curves and their table. */
function gradientFlowPage(name: string, study: GradientFlowStudy): string {
  const { cell, curves, inputSize, hiddenSize } = study
  const T = curves[0]!.flow.length
  const chart = (title: string, series: readonly [string, readonly number[]][]): Markup =>
    lineChart({
      title,
      xLabel: 'step',
      logY: true,
      series: series.map(
        ([label, flow], i): Series => ({
          name: label,
          color: (i + 1) as Series['color'],
          // An exact zero has no logarithm: at the loss's own step an LSTM's c has already become h.
          points: flow.map((value, t) => [t + 1, value === 0 ? 0 : Math.max(FLOOR, value)] as const),
        }),
      ),
    })
  const named = (some: readonly GradientCurve[]) =>
    some.slice(0, 3).map(({ name, flow }): [string, readonly number[]] => [name, flow])
  const [run] = curves
  const lstms = curves.filter(({ group }) => group === 'lstm')
  const radii = curves.filter(({ group }) => group === 'vanilla')
  const parts = run!.states.map((row, k): [string, readonly number[]] => [STATE_NAMES[k] ?? `state ${k}`, row])
  const charts = [
    chart('This run and networks that learned nothing', named([run!, lstms[0]!, radii[0]!])),
    chart('LSTM by its forget gate', named(lstms)),
    chart('Vanilla RNN by the spectral radius of W', named(radii.slice(1))),
    ...(parts.length > 1 ? [chart(`${run!.name}, by state`, parts.slice(0, 3))] : []),
  ]
  const table = markup`<div class="scroll"><table><tr><th>network</th><th>gradient per step</th>${BACK.map((back) => markup`<th>left ${back} steps back</th>`)}<th>spectral radius</th></tr>
${curves.map((curve) => markup`<tr><td>${curve.name}</td>${cellsOf(curve).map((text) => markup`<td>${text}</td>`)}</tr>`)}</table></div>`
  return insidePage('Gradient flow', `${name} · ${cell}: ${inputSize} inputs, ${hiddenSize} units, ${T} steps`, [
    markup`<section><h2>How far back the gradient reaches</h2><p>The norm of the gradient of a loss at step ${T} by the state at each step before, as a share of the last one's (logarithmic). All networks read the same noise. Below a spectral radius of 1 a vanilla network's gradient must vanish; above, it can explode; an LSTM with open forget gates keeps it.</p><div class="charts">${charts}</div></section>`,
    markup`<section><h2>In numbers</h2>${table}</section>`,
  ])
}

/** How recurrent cells order their states. */
const STATE_NAMES = ['h', 'c']
