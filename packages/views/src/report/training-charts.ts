import type { MetricInfo } from '@heddle/metrics'
import type { RunLogContent } from '@heddle/trainer'
import { lineChart, type Series, thinned } from '../charts/line-chart.ts'
import type { Markup } from '../page/markup.ts'

/** Curves in one chart; the style sheet has three colors. */
const MOST = 3

/** The curves of a run's log: loss, validation, learning rate, gradient norm. A chart without points is left out. */
export function trainingCharts({ steps, validations }: RunLogContent, metrics: readonly MetricInfo[]): Markup[] {
  const validated = (name: string): Series['points'] =>
    validations.flatMap(({ step, metrics: { [name]: value = Number.NaN } }) =>
      Number.isFinite(value) ? [[step, value] as const] : [],
    )
  const shares = (title: string, better: MetricInfo['better']) => {
    const shown = metrics.filter(
      ({ name, percent, better: its }) => percent && its === better && validated(name).length > 0,
    )
    const series = shown
      .slice(0, MOST)
      .map(({ name }, i): Series => ({ name, color: (i + 1) as Series['color'], points: validated(name), dots: true }))
    return lineChart({ title, xLabel: 'step', series, scale: 'share' })
  }
  const loss: Series[] = [
    { name: 'training', color: 1, points: thinned(steps.map(({ step, loss }) => [step, loss])) },
    { name: 'validation', color: 2, points: validated('loss'), dots: true },
  ]
  const rate = steps.map(({ step, learningRate }) => [step, learningRate] as const).filter(([, value]) => value > 0)
  const norm = thinned(steps.map(({ step, gradientNorm }) => [step, gradientNorm]))
  return [
    lineChart({ title: 'Loss', xLabel: 'step', series: loss.filter(({ points }) => points.length > 0) }),
    shares('Validation', 'higher'),
    shares('Validation errors', 'lower'),
    lineChart({
      title: 'Learning rate (log)',
      xLabel: 'step',
      series: [{ name: 'learning rate', color: 3, points: thinned(rate) }],
      scale: 'log',
    }),
    lineChart({
      title: 'Gradient norm before clipping (log)',
      xLabel: 'step',
      series: [{ name: 'norm', color: 1, points: norm }],
      scale: 'log',
    }),
  ].filter(({ text }) => text !== '')
}
