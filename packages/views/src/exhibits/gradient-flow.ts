import type { GradientCurve, GradientFlowExhibit } from '@heddle/inspect'
import { lineChart, type Series } from '../charts/line-chart.ts'
import { exhibitView, type TerminalOptions } from '../exhibit-view.ts'
import { type Markup, markup } from '../page/markup.ts'
import { sparkline } from '../terminal/sparkline.ts'
import { heading } from '../terminal/styles.ts'

/** Smaller shares are drawn as this one: they are as good as nothing. */
const FLOOR = 1e-12
/** Numbers of steps back at which the table tells the remaining share. */
const BACK = [10, 25]
/** Columns of a number in the terminal's table. */
const WIDTH = 9

/** Share of a gradient that reaches early steps, in a cell and in others. */
export const gradientFlowView = exhibitView<GradientFlowExhibit>({
  name: 'gradient-flow',
  summary: 'share of a gradient that reaches early steps',
  html: (exhibits) => markup`${exhibits.map(sections)}`,
  terminal: (exhibits, options) => exhibits.flatMap((exhibit) => lines(exhibit, options)),
})

function lines({ cell, curves }: GradientFlowExhibit, { colors, columns }: TerminalOptions): string[] {
  const label = Math.max(...curves.map((curve) => curve.name.length))
  const heads = ['per step', ...BACK.map((back) => `${back} back`), 'radius'].map((head) => head.padStart(WIDTH))
  const room = Math.max(10, columns - label - heads.join(' ').length - 6)
  const logs = curves.map(({ flow }) => flow.map((value) => Math.log10(Math.max(FLOOR, value))))
  const range = { from: Math.log10(FLOOR), to: Math.max(0, ...logs.flat()) }
  return [
    ...heading(`Gradient flow in ${cell}: ‖∂L/∂state_t‖ by step, as a share of the last step's`, colors),
    `  ${' '.repeat(label)} ${heads.join(' ')}   first step … last`,
    ...curves.map((curve, i) => {
      const row = cellsOf(curve).map((text) => text.padStart(WIDTH))
      return `  ${curve.name.padEnd(label)} ${row.join(' ')}   ${sparkline(sampled(logs[i]!, room), range)}`
    }),
    `  Bars are logarithmic, from ${FLOOR} or less to ${share(10 ** range.to)}.`,
  ]
}

/** At most `room` of the values, evenly spread, the first and the last among them. */
function sampled(values: readonly number[], room: number): number[] {
  const count = Math.min(room, values.length)
  const place = (i: number) => Math.round((i * (values.length - 1)) / Math.max(1, count - 1))
  return Array.from({ length: count }, (_, i) => values[place(i)]!)
}

const cellsOf = ({ perStep, flow, spectralRadius }: GradientCurve): string[] => [
  `× ${perStep.toFixed(3)}`,
  ...BACK.map((back) => share(flow.at(-1 - back))),
  spectralRadius === undefined ? '' : spectralRadius.toFixed(2),
]

const share = (value: number | undefined) =>
  value === undefined ? '' : value >= 0.01 && value < 1000 ? value.toPrecision(2) : value.toExponential(0)

function sections({ cell, curves, inputSize, hiddenSize }: GradientFlowExhibit): Markup {
  const T = curves[0]!.flow.length
  const [run] = curves
  const lstms = curves.filter(({ group }) => group === 'lstm')
  const vanilla = curves.filter(({ group }) => group === 'vanilla')
  const states = run!.states.map((row, k): Named => [run!.stateNames[k]!, row])
  const charts = [
    chart('This run and untrained networks', named([run!, lstms[0]!, vanilla[0]!])),
    chart('LSTM by its forget gate', named(lstms)),
    chart('Vanilla RNN by the spectral radius of W', named(vanilla.slice(1))),
    ...(states.length > 1 ? [chart(`${run!.name}, by state`, states)] : []),
  ]
  return markup`<section><h2>How far back the gradient reaches</h2><p>${cell}: ${inputSize} inputs, ${hiddenSize} units, ${T} steps. The curves show the norm of the gradient of a loss at step ${T} with respect to the state at each earlier step, as a share of the last one's (logarithmic). All networks read the same noise. Below a spectral radius of 1 the gradient of a vanilla network vanishes; above, it can explode; an LSTM with open forget gates keeps it.</p><div class="charts">${charts}</div></section>
<section><h2>In numbers</h2><div class="scroll"><table class="numbers"><tr><th>network</th><th>gradient per step</th>${BACK.map((back) => markup`<th>left ${back} steps back</th>`)}<th>spectral radius</th></tr>
${curves.map((curve) => markup`<tr><td>${curve.name}</td>${cellsOf(curve).map((text) => markup`<td>${text}</td>`)}</tr>`)}</table></div></section>`
}

type Named = readonly [name: string, values: readonly number[]]

const named = (curves: readonly GradientCurve[]) => curves.map(({ name, flow }): Named => [name, flow])

function chart(title: string, curves: readonly Named[]): Markup {
  // The style sheet has three colors.
  const series = curves.slice(0, 3).map(
    ([name, values], i): Series => ({
      name,
      color: (i + 1) as Series['color'],
      // An exact zero has no logarithm: at the loss's own step the c of an LSTM has already become h.
      points: values.map((value, t) => [t + 1, value === 0 ? 0 : Math.max(FLOOR, value)] as const),
    }),
  )
  return lineChart({ title, xLabel: 'step', scale: 'log', series })
}
